//! The team's pages, and the data on them.

use leptos::prelude::*;
use postern_app::{
    api::{
        portal::{PaymentKind, PaymentMethod},
        team::{
            Client, ClientBalance, ClientForm, ClientSummary, Contact, ContactForm, DraftForm, Invoice,
            InvoiceFilter, InvoiceLine, InvoiceMail, InvoiceStatus, InvoiceSummary, InvoiceTax, MailForm,
            MailKind, OrgForm, Payment, PaymentForm, Plan, StripeAccount,
        },
    },
    format::Formats,
    layout::DeskFrame,
    money::TypedLine,
    pages::team::{
        ClientFormPage, ClientPage, ClientsPage, ContactFormPage, DeadTeamLinkPage, DraftPage, DraftView,
        ForgotForm, ForgotPage, MailFormPage, MailPurpose, MailSentPage, MailSentReason, NewInvoicePage,
        PlanPage, ResetPage, SettingsPage, SignInForm, SignInPage, SignUpClosedPage, SignUpConfirmPage,
        SignUpForm, SignUpPage, StripeNews, StripePage, TeamInvoicePage, TeamInvoicesPage,
    },
    problem::{FieldProblem, Problem, Problems},
    render::render,
    routes,
};

use super::fixtures::{self as data, ASSETS};

pub(crate) fn frame() -> DeskFrame {
    DeskFrame {
        brand: data::brand(),
        person_name: "Mara Okafor".to_owned(),
        person_email: "mara@juniperfinch.example".to_owned(),
        today: data::today(),
        formats: Formats::new("en-GB", "Europe/Dublin"),
        has_portal: true,
        is_admin: true,
        is_owner: true,
        has_other_orgs: false,
        assets: &ASSETS,
    }
}

fn summary(name: &str, contacts: i64, portal: i64, balances: &[(&str, i64, i64)]) -> ClientSummary {
    ClientSummary {
        id: format!("id-of-{}", name.len()),
        name: name.to_owned(),
        contact_count: contacts,
        portal_contact_count: portal,
        balances: balances
            .iter()
            .filter_map(|(code, outstanding, overdue)| {
                Some(ClientBalance {
                    currency: code.parse().ok()?,
                    outstanding_minor: *outstanding,
                    open_count: 2,
                    overdue_minor: *overdue,
                })
            })
            .collect(),
    }
}

fn summaries() -> Vec<ClientSummary> {
    vec![
        summary("Harbour Books", 2, 1, &[("EUR", 431_000, 125_000)]),
        summary("Norra Kaffe AB", 1, 1, &[("EUR", 88_000, 0), ("SEK", 1_240_000, 0)]),
        summary("Donaudampfschifffahrtsgesellschaftskapitänswitwen-Unterstützungsverein e. V.", 3, 0, &[]),
        summary("قهوة الميناء القديم", 0, 0, &[("KWD", 124_999, 0)]),
    ]
}

pub(crate) fn client() -> Client {
    let contact = |name: &str, portal_access, sessions, version| Contact {
        id: format!("contact-{version}"),
        name: name.to_owned(),
        email: "ada@harbourbooks.example".to_owned(),
        portal_access,
        last_sign_in_at: (sessions > 0).then(|| "2026-11-20T10:12:00Z".parse().unwrap_or_default()),
        session_count: sessions,
        version,
    };
    Client {
        id: "client".to_owned(),
        name: "Harbour Books".to_owned(),
        currency: "EUR".to_owned(),
        locale: None,
        address: "Harbour Books Ltd\n12 Quay Street\nGalway\nIreland".to_owned(),
        tax_id: "IE 1234567 FA".to_owned(),
        version: 3,
        archived_at: None,
        balances: vec![
            ClientBalance {
                currency: data::currency("EUR"),
                outstanding_minor: 123_400,
                open_count: 3,
                overdue_minor: 40_000,
            },
            ClientBalance {
                currency: data::currency("JPY"),
                outstanding_minor: 98_000,
                open_count: 1,
                overdue_minor: 0,
            },
        ],
        contacts: vec![
            contact("Ada Lindqvist", true, 2, 1),
            contact("شركة المرفأ", false, 0, 2),
            contact("Bartholomew Featherstonehaugh-Cholmondeley the Younger", true, 1, 3),
        ],
    }
}

pub(crate) fn wrong(fields: &[&'static str]) -> Problems {
    fields.iter().map(|field| FieldProblem::new(field, Problem::Required)).collect::<Vec<_>>().into()
}

/// File stem and HTML of every page.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    [desk(), invoices(), forms(), settings(), accounts()].concat()
}

fn desk() -> Vec<(&'static str, String)> {
    let list = |archived, search: &'static str, nodes, more| {
        render(move || {
            view! { <ClientsPage frame=frame() archived search=search.to_owned() page=data::page(nodes, more, more)/> }
        })
    };
    let one = |frame, client| render(move || view! { <ClientPage frame client/> });
    let alone = Client {
        contacts: vec![],
        balances: vec![],
        address: String::new(),
        tax_id: String::new(),
        archived_at: Some("2026-10-01T08:00:00Z".parse().unwrap_or_default()),
        ..client()
    };
    let long = (0..25).flat_map(|_| summaries()).take(25).collect();
    vec![
        ("team-clients", list(false, "", summaries(), false)),
        ("team-clients-long", list(false, "", long, true)),
        ("team-clients-empty", list(false, "", vec![], false)),
        ("team-clients-no-hit", list(false, "piano", vec![], false)),
        ("team-clients-archived", list(true, "", vec![], false)),
        ("team-client", one(frame(), client())),
        ("team-client-free", one(DeskFrame { has_portal: false, ..frame() }, client())),
        ("team-client-archived", one(frame(), alone)),
    ]
}

pub(crate) fn invoice_summary(
    number: Option<&str>,
    client: &str,
    status: InvoiceStatus,
    total: i64,
    due: i64,
) -> InvoiceSummary {
    InvoiceSummary {
        id: format!("invoice-{total}"),
        number: number.map(str::to_owned),
        title: "Brand refresh, second part".to_owned(),
        client_id: "client".to_owned(),
        client_name: client.to_owned(),
        status,
        issued_on: data::today(),
        due_on: data::today(),
        currency: data::currency("EUR"),
        total_minor: total,
        due_minor: due,
        view_count: 3,
    }
}

fn invoice_summaries() -> Vec<InvoiceSummary> {
    vec![
        invoice_summary(None, "Harbour Books", InvoiceStatus::Draft, 198_000, 0),
        invoice_summary(Some("JF-2026-047"), "Norra Kaffe AB", InvoiceStatus::Open, 88_000, 88_000),
        invoice_summary(
            Some("JF-2026-044"),
            "قهوة الميناء القديم",
            InvoiceStatus::PartiallyPaid,
            120_000,
            60_000,
        ),
        invoice_summary(Some("JF-2026-041"), "Harbour Books", InvoiceStatus::Overdue, 125_000, 125_000),
        invoice_summary(Some("JF-2026-040"), "Harbour Books", InvoiceStatus::Paid, 99_000, 0),
        invoice_summary(Some("JF-2026-039"), "Harbour Books", InvoiceStatus::Void, 48_000, 0),
    ]
}

pub(crate) fn invoice(summary: InvoiceSummary, paid: i64) -> Invoice {
    let payment = |kind, amount_minor, is_reversed| Payment {
        id: format!("payment{amount_minor}"),
        kind,
        method: PaymentMethod::BankTransfer,
        amount_minor,
        received_on: data::today(),
        reference: "JF-2026-044".to_owned(),
        is_reversed,
        is_unexpected: false,
        is_reversible: !is_reversed && kind == PaymentKind::Payment,
    };
    let payments = if paid == 0 {
        vec![]
    } else {
        vec![
            payment(PaymentKind::Payment, paid, false),
            payment(PaymentKind::Reversal, -500, false),
            payment(PaymentKind::Payment, 500, true),
        ]
    };
    Invoice {
        reference: "PO 4711".to_owned(),
        notes: "Thank you.".to_owned(),
        discount_ppm: 100_000,
        discount_minor: 13_194,
        subtotal_minor: summary.total_minor * 100 / 119,
        paid_minor: paid,
        allows_part: false,
        processing_since: None,
        failed_at: None,
        state_tag: "open-0-0-0".to_owned(),
        version: 3,
        draft: None,
        share_url: (paid > 0)
            .then(|| "https://pay.example.org/i/Vw9n0_Zk8tA2mB5cD7eF1gH3iJ6kL4mN8oP0qR2sT5u".to_owned()),
        mails: vec![
            InvoiceMail {
                kind: MailKind::Reminder,
                at: "2026-11-21T08:00:00Z".parse().unwrap_or_default(),
                contact_name: "שירה לוי".to_owned(),
                contact_email: "shira@harbourbooks.example".to_owned(),
            },
            InvoiceMail {
                kind: MailKind::Invoice,
                at: "2026-11-02T08:00:00Z".parse().unwrap_or_default(),
                contact_name: "Ada Lindqvist".to_owned(),
                contact_email: "ada@harbourbooks.example".to_owned(),
            },
        ],
        first_viewed_at: Some("2026-11-18T09:02:00Z".parse().unwrap_or_default()),
        last_viewed_at: Some("2026-11-20T10:12:00Z".parse().unwrap_or_default()),
        lines: vec![InvoiceLine {
            description: "Design of the new storefront and everything that goes with it".to_owned(),
            quantity_milli: 12_500,
            unit: "h".to_owned(),
            unit_price_minor: 9_500,
            net_minor: 118_750,
        }],
        taxes: vec![InvoiceTax { label: "VAT".to_owned(), rate_ppm: 190_000, tax_minor: 22_563 }],
        payments,
        summary,
    }
}

/// Paid twice: online, and by hand a moment before.
fn overpaid() -> Invoice {
    let paid = invoice_summary(Some("JF-2026-040"), "Harbour Books", InvoiceStatus::Paid, 99_000, 0);
    let mut invoice = invoice(paid, 198_000);
    invoice.payments.truncate(1);
    for payment in &mut invoice.payments {
        payment.amount_minor = 99_000;
    }
    let online = Payment {
        method: PaymentMethod::Card,
        reference: String::new(),
        is_unexpected: true,
        is_reversible: false,
        ..invoice.payments[0].clone()
    };
    invoice.payments.insert(0, online);
    invoice
}

fn invoices() -> Vec<(&'static str, String)> {
    let list = |filter, search: &'static str, nodes| {
        render(move || {
            view! { <TeamInvoicesPage frame=frame() filter search=search.to_owned() page=data::page(nodes, false, true)/> }
        })
    };
    let one = |invoice, problems| {
        let form = PaymentForm {
            id: "id".to_owned(),
            amount: "600.00".to_owned(),
            method: "CASH".to_owned(),
            received_on: "2026-11-22".to_owned(),
            reference: String::new(),
        };
        render(
            move || view! { <TeamInvoicePage frame=frame() invoice form copy_id="copy".to_owned() problems/> },
        )
    };
    let mut all = invoice_summaries();
    let (overdue, part, open, draft) = (all.remove(3), all.remove(2), all[1].clone(), all.remove(0));
    vec![
        ("team-invoices", list(InvoiceFilter::All, "", invoice_summaries())),
        ("team-invoices-empty", list(InvoiceFilter::Overdue, "", vec![])),
        ("team-invoices-no-hit", list(InvoiceFilter::Open, "piano", vec![])),
        ("team-invoice", one(invoice(part, 60_000), Problems::default())),
        (
            "team-invoice-processing",
            one(
                Invoice { processing_since: Some(data::yesterday()), ..invoice(open.clone(), 0) },
                Problems::default(),
            ),
        ),
        (
            "team-invoice-failed",
            one(
                Invoice { failed_at: Some(data::yesterday()), allows_part: true, ..invoice(open, 0) },
                Problems::default(),
            ),
        ),
        ("team-invoice-credit", one(overpaid(), Problems::default())),
        (
            "team-invoice-overdue",
            one(invoice(overdue, 0), wrong(&["amount", "receivedOn", "reference", "invoice"])),
        ),
        ("team-draft-new", draft_page(draft.clone(), DraftForm::default(), Problems::default(), false)),
        ("team-draft", draft_page(draft.clone(), draft_form(3), Problems::default(), true)),
        (
            "team-draft-wrong",
            draft_page(
                draft.clone(),
                draft_form(2),
                vec![
                    FieldProblem::of_line(0, "description", Problem::Required),
                    FieldProblem::of_line(1, "unitPrice", Problem::NoAmount),
                    FieldProblem::new("dueOn", Problem::DueBeforeIssue),
                    FieldProblem::new("lines", Problem::LessThanNothing),
                    FieldProblem::new("discount", Problem::NoPercentage),
                    FieldProblem::new("version", Problem::Changed),
                ]
                .into(),
                false,
            ),
        ),
        ("team-draft-long", draft_page(draft.clone(), draft_form(60), Problems::default(), false)),
        ("team-invoice-new", new_invoice("", summaries())),
        ("team-invoice-new-empty", new_invoice("", vec![])),
        ("team-invoice-new-no-hit", new_invoice("piano", vec![])),
        ("team-send", mail_page(MailPurpose::Send, draft.clone(), client().contacts, Problems::default())),
        ("team-send-nobody", mail_page(MailPurpose::Send, draft, vec![], Problems::default())),
        (
            "team-remind",
            mail_page(
                MailPurpose::Remind,
                all.remove(0),
                client().contacts,
                wrong(&["contacts", "message", "invoice"]),
            ),
        ),
    ]
}

fn draft_form(lines: usize) -> DraftForm {
    let line = |at: usize| TypedLine {
        description: if at.is_multiple_of(2) {
            "Design of the storefront"
        } else {
            "עיצוב חלון הראווה של החנות בנמל"
        }
        .to_owned(),
        quantity: "12.5".to_owned(),
        unit: "h".to_owned(),
        unit_price: if at == 1 { "a lot" } else { "95.00" }.to_owned(),
        tax_rate: "19".to_owned(),
    };
    DraftForm {
        title: "Storefront".to_owned(),
        reference: "PO 4711".to_owned(),
        notes: "Thank you.\n</textarea>".to_owned(),
        issued_on: "2026-11-20".to_owned(),
        due_on: String::new(),
        discount: "10".to_owned(),
        lines: (0..lines).map(line).collect(),
        version: 7,
    }
}

fn draft_page(summary: InvoiceSummary, form: DraftForm, problems: Problems, saved: bool) -> String {
    let view = DraftView { summary, copy_id: "copy".to_owned(), saved };
    render(move || view! { <DraftPage frame=frame() view form problems/> })
}

fn new_invoice(search: &'static str, nodes: Vec<ClientSummary>) -> String {
    render(move || {
        view! {
            <NewInvoicePage
                frame=frame()
                id="new".to_owned()
                search=search.to_owned()
                page=data::page(nodes, true, false)
            />
        }
    })
}

fn mail_page(
    purpose: MailPurpose,
    summary: InvoiceSummary,
    contacts: Vec<Contact>,
    problems: Problems,
) -> String {
    let form = MailForm {
        key: "key".to_owned(),
        version: 3,
        contacts: vec!["contact-1".to_owned()],
        message: "Dear Ada,".to_owned(),
    };
    let invoice = invoice(summary, 0);
    render(move || view! { <MailFormPage frame=frame() purpose invoice contacts form problems/> })
}

fn forms() -> Vec<(&'static str, String)> {
    let client_form = |id: Option<&str>, form, problems| {
        let id = id.map(str::to_owned);
        render(move || view! { <ClientFormPage frame=frame() id form problems/> })
    };
    let contact_form = |id: Option<&str>, form, problems| {
        let id = id.map(str::to_owned);
        render(move || {
            view! {
                <ContactFormPage
                    frame=frame()
                    client_id="client".to_owned()
                    client_name="Harbour Books".to_owned()
                    id
                    form
                    problems
                />
            }
        })
    };
    let contact = client().contacts.remove(0);
    vec![
        ("team-client-new", client_form(None, ClientForm::default(), Problems::default())),
        (
            "team-client-edit",
            client_form(
                Some("client"),
                client().into(),
                wrong(&["name", "address", "taxId", "currency", "version"]),
            ),
        ),
        ("team-contact-new", contact_form(None, ContactForm::default(), Problems::default())),
        ("team-contact-edit", contact_form(Some("contact"), contact.into(), wrong(&["name", "email"]))),
    ]
}

fn settings() -> Vec<(&'static str, String)> {
    let form = |problems: Problems, saved| {
        let form = OrgForm {
            name: "Juniper & Finch".to_owned(),
            accent: "#1f5f4a".to_owned(),
            locale: "en-GB".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            payment_instructions: "IBAN DE75 5121 0800 1245 1261 99".to_owned(),
            ..OrgForm::default()
        };
        render(move || view! { <SettingsPage frame=frame() form problems saved/> })
    };
    let plan = |frame, plan| render(move || view! { <PlanPage frame plan/> });
    let stripe =
        |frame: DeskFrame, account: Option<StripeAccount>, is_set_up: bool, news: Option<StripeNews>| {
            render(move || view! { <StripePage frame account is_set_up news/> })
        };
    let account = |charges_enabled, details_submitted| StripeAccount {
        account_id: "acct_1Qm4bTJuniperFinch".to_owned(),
        charges_enabled,
        details_submitted,
        wants: if details_submitted {
            vec![]
        } else {
            ["business_type", "external_account", "individual.verification.document", "tos_acceptance.date"]
                .map(str::to_owned)
                .to_vec()
        },
        connected_at: data::yesterday(),
    };
    vec![
        ("team-settings", form(Problems::default(), true)),
        (
            "team-settings-wrong",
            form(wrong(&["name", "accent", "email", "locale", "timeZone", "version"]), false),
        ),
        ("team-stripe-unset", stripe(frame(), None, false, None)),
        ("team-stripe-none", stripe(frame(), None, true, Some(StripeNews::NoAnswer))),
        (
            "team-stripe-unfinished",
            stripe(frame(), Some(account(false, false)), true, Some(StripeNews::Back)),
        ),
        ("team-stripe-checked", stripe(frame(), Some(account(false, true)), true, None)),
        ("team-stripe", stripe(frame(), Some(account(true, true)), true, Some(StripeNews::Back))),
        (
            "team-stripe-admin",
            stripe(DeskFrame { is_owner: false, ..frame() }, Some(account(true, true)), true, None),
        ),
        ("team-stripe-free", stripe(DeskFrame { has_portal: false, ..frame() }, None, true, None)),
        ("team-plan", plan(frame(), Plan::Studio)),
        ("team-plan-free", plan(frame(), Plan::Free)),
        ("team-plan-member", plan(DeskFrame { is_owner: false, ..frame() }, Plan::Agency)),
    ]
}

fn accounts() -> Vec<(&'static str, String)> {
    let sign_in = |problems: Problems| {
        let form = SignInForm { email: "mara@juniperfinch.example".to_owned(), ..SignInForm::default() };
        render(move || view! { <SignInPage assets=&ASSETS form problems can_sign_up=true/> })
    };
    let sign_up =
        |problems| render(move || view! { <SignUpPage assets=&ASSETS form=SignUpForm::default() problems/> });
    let confirm = |problems| {
        let (org_name, action) = ("Juniper & Finch".to_owned(), routes::app_sign_up_link("token"));
        render(move || view! { <SignUpConfirmPage assets=&ASSETS org_name problems action/> })
    };
    vec![
        ("team-sign-in", sign_in(Problems::default())),
        ("team-sign-in-refused", sign_in(Problems::about_all("Address and password do not fit together."))),
        ("team-sign-up", sign_up(Problems::default())),
        ("team-sign-up-wrong", sign_up(wrong(&["name", "orgName", "email", "password"]))),
        ("team-sign-up-closed", render(|| view! { <SignUpClosedPage assets=&ASSETS/> })),
        ("team-sign-up-link", confirm(Problems::default())),
        (
            "team-sign-up-link-wrong",
            confirm(Problems::about_all("This is not the password that was chosen when signing up.")),
        ),
        ("team-mail-sent", render(|| view! { <MailSentPage assets=&ASSETS reason=MailSentReason::SignUp/> })),
        ("team-dead-link", render(|| view! { <DeadTeamLinkPage assets=&ASSETS/> })),
        (
            "team-forgot",
            render(|| {
                view! { <ForgotPage assets=&ASSETS form=ForgotForm::default() problems=Problems::default()/> }
            }),
        ),
        (
            "team-reset",
            render(|| {
                view! {
                    <ResetPage
                        assets=&ASSETS
                        action=routes::app_reset_link("token")
                        problems=wrong(&["password"])
                    />
                }
            }),
        ),
    ]
}
