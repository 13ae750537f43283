//! Every page once, and once more for each state that looks different.

use leptos::prelude::*;
use postern_app::{
    api::portal::{Invoice, InvoiceFilter, InvoiceRow, InvoiceStatus},
    brand::Accent,
    layout::{Brand, Frame},
    pages::{
        DeadSharePage, DevMail, DevMailMessage, DevMailMessagePage, DevMailPage, NoticePage, PaidPage,
        PayNews, ShareFrame, SharePage,
        portal::{
            AccessPage, Choice, ChooserPage, DeadLinkPage, HomePage, InvoicePage, InvoicesPage, LinkPage,
            LoginPage, LoginSentPage, PaymentsPage, PortalDisabledPage, SignedOutPage,
        },
    },
    render::render,
    routes,
    text::{LoginProblem, Notice},
};

use super::fixtures::{self as data, ASSETS};

/// File stem and HTML of every page.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    [signed_in(), invoices(), way_in(), notices(), mailbox()].concat()
}

fn signed_in() -> Vec<(&'static str, String)> {
    let home = |frame, data| render(move || view! { <HomePage frame data/> });
    vec![
        ("home", home(data::frame(), data::home())),
        ("home-one-open", home(data::frame(), data::home_one_open())),
        ("home-awkward", home(data::awkward_frame(), data::home_awkward())),
        ("home-payable", home(data::payable_frame(), data::home())),
        ("home-payable-one", home(data::payable_frame(), data::home_one_open())),
        (
            "home-payable-awkward",
            home(Frame { can_pay: true, ..data::awkward_frame() }, data::home_awkward()),
        ),
        ("home-processing", home(data::payable_frame(), data::home_processing())),
        (
            "home-waiting",
            render(|| {
                let (frame, news) = (data::payable_frame(), Some(PayNews::Back));
                view! { <HomePage frame data=data::home() news/> }
            }),
        ),
        ("home-preview", home(Frame { is_preview: true, ..data::frame() }, data::home())),
        ("home-settled", home(data::frame(), data::home_settled())),
        ("home-new", home(data::frame(), data::home_new())),
        (
            "payments",
            render(
                || view! { <PaymentsPage frame=data::frame() page=data::page(data::payments(), true, true)/> },
            ),
        ),
        (
            "payments-empty",
            render(
                || view! { <PaymentsPage frame=data::frame() page=data::page(Vec::new(), false, false)/> },
            ),
        ),
        (
            "access",
            render(|| view! { <AccessPage frame=data::frame() access=data::access() is_first_page=true/> }),
        ),
    ]
}

fn invoices() -> Vec<(&'static str, String)> {
    let list = |filter, search: &'static str, nodes, more| {
        render(move || {
            view! {
                <InvoicesPage
                    frame=data::frame()
                    filter
                    search=search.to_owned()
                    page=data::page(nodes, more, more)
                />
            }
        })
    };
    let one = |frame, row| render(move || view! { <InvoicePage frame invoice=data::invoice(row)/> });
    let online =
        |invoice, news| render(move || view! { <InvoicePage frame=data::payable_frame() invoice news/> });
    let share = |frame: Frame, row| {
        let frame = ShareFrame {
            can_pay: frame.can_pay,
            brand: frame.brand,
            today: frame.today,
            formats: frame.formats,
            payment_instructions: frame.payment_instructions,
            href: "/i/token".to_owned(),
            assets: &ASSETS,
        };
        render(move || view! { <SharePage frame invoice=data::invoice(row)/> })
    };
    let paid = data::settled_rows().remove(0);
    let open = || data::open_rows().remove(1);
    let processing = InvoiceRow { processing_since: Some(data::yesterday()), ..open() };
    let paid_back = Invoice {
        payments: data::online_payments(),
        ..data::invoice(data::row(
            "JF-2026-044",
            "Catalogue photography",
            InvoiceStatus::PartiallyPaid,
            216_000,
            212_000,
            8,
        ))
    };
    let credit = data::row("JF-2026-044", "Catalogue photography", InvoiceStatus::Paid, 216_000, 432_000, 8);
    let void = data::row("JF-2026-035", "Flyers, second proof", InvoiceStatus::Void, 48_000, 0, -40);
    vec![
        ("invoices", list(InvoiceFilter::All, "", data::long_list(), true)),
        ("invoices-payments", list(InvoiceFilter::Open, "", data::home_processing().open, false)),
        ("invoices-awkward", list(InvoiceFilter::Open, "2026", data::awkward_rows(), false)),
        ("invoices-empty", list(InvoiceFilter::All, "", Vec::new(), false)),
        ("invoices-no-hit", list(InvoiceFilter::Overdue, "piano", Vec::new(), false)),
        ("invoice", one(data::frame(), data::open_rows().remove(1))),
        ("invoice-paid", one(data::frame(), paid)),
        ("invoice-void", one(data::frame(), void)),
        ("invoice-awkward", one(data::awkward_frame(), data::awkward_rows().remove(0))),
        ("invoice-payable", online(data::invoice(data::open_rows().remove(0)), None)),
        (
            "invoice-payable-part",
            render(move || {
                view! {
                    <InvoicePage
                        frame=data::payable_frame()
                        invoice=Invoice { allows_part: true, ..data::invoice(open()) }
                        news=Some(PayNews::BadAmount)
                        wrong_amount=Some("1,600".to_owned())
                    />
                }
            }),
        ),
        ("invoice-waiting", online(data::invoice(open()), Some(PayNews::Back))),
        ("invoice-processing", online(data::invoice(processing.clone()), None)),
        (
            "invoice-failed",
            online(data::invoice(InvoiceRow { failed_at: Some(data::yesterday()), ..open() }), None),
        ),
        ("invoice-paid-online", online(data::invoice(data::settled_rows().remove(0)), Some(PayNews::Back))),
        ("invoice-paid-back", online(paid_back, None)),
        ("invoice-credit", online(data::invoice(credit.clone()), None)),
        ("invoice-no-answer", online(data::invoice(open()), Some(PayNews::NoAnswer))),
        ("share-payable", share(data::payable_frame(), open())),
        ("share-processing", share(data::payable_frame(), processing)),
        ("share-credit", share(data::payable_frame(), credit)),
        ("paid", render(|| view! { <PaidPage brand=data::brand() has_paid=true assets=&ASSETS/> })),
        ("paid-unknown", render(|| view! { <PaidPage brand=data::brand() has_paid=false assets=&ASSETS/> })),
        ("share", share(data::frame(), data::open_rows().remove(1))),
        ("share-paid", share(data::frame(), data::settled_rows().remove(0))),
        ("share-awkward", share(data::awkward_frame(), data::awkward_rows().remove(0))),
        ("share-dead", render(|| view! { <DeadSharePage assets=&ASSETS/> })),
    ]
}

fn way_in() -> Vec<(&'static str, String)> {
    let login = |brand: Option<Brand>, email: &'static str, problem| {
        render(move || {
            view! {
                <LoginPage
                    brand
                    assets=&ASSETS
                    action=routes::PORTAL_LOGIN.to_owned()
                    next=Some(routes::PORTAL_PAYMENTS.to_owned())
                    email=email.to_owned()
                    problem
                    link_minutes=15
                />
            }
        })
    };
    let sent = |code_refused| {
        render(move || {
            view! {
                <LoginSentPage
                    brand=Some(data::brand())
                    assets=&ASSETS
                    link_minutes=15
                    code_action=routes::PORTAL_LOGIN_CODE.to_owned()
                    again_href=routes::PORTAL_LOGIN.to_owned()
                    code_refused
                />
            }
        })
    };
    let link = |at_once| {
        render(move || {
            view! {
                <LinkPage
                    brand=data::brand()
                    assets=&ASSETS
                    client_name="Harbour Books".to_owned()
                    action=routes::portal_link("token")
                    at_once
                />
            }
        })
    };
    let choice = |org: &str, client: &str| Choice {
        org_name: org.to_owned(),
        client_name: client.to_owned(),
        action: routes::portal_link("token"),
    };
    let choices =
        vec![choice("Juniper & Finch", "Harbour Books"), choice("Mill Lane Signs", "شركة المرفأ للكتب")];
    let with_logo =
        Brand { logo_url: Some("/logo.svg".to_owned()), accent: Accent::default(), ..data::brand() };
    vec![
        ("login", login(Some(data::brand()), "", None)),
        ("login-plain", login(None, "", None)),
        ("login-logo", login(Some(with_logo), "", None)),
        (
            "login-problem",
            login(Some(data::awkward_frame().brand), "ada@", Some(LoginProblem::MalformedAddress)),
        ),
        ("login-sent", sent(false)),
        ("login-sent-refused", sent(true)),
        ("link", link(false)),
        ("link-at-once", link(true)),
        ("chooser", render(move || view! { <ChooserPage brand=None assets=&ASSETS choices/> })),
        (
            "dead-link",
            render(|| {
                view! {
                    <DeadLinkPage
                        brand=None
                        assets=&ASSETS
                        action=routes::PORTAL_LOGIN.to_owned()
                        link_minutes=1
                    />
                }
            }),
        ),
        ("disabled", render(|| view! { <PortalDisabledPage brand=data::brand() assets=&ASSETS/> })),
        (
            "signed-out",
            render(|| {
                view! {
                    <SignedOutPage
                        brand=Some(data::brand())
                        assets=&ASSETS
                        everywhere=true
                        login_href=routes::PORTAL_LOGIN.to_owned()
                    />
                }
            }),
        ),
    ]
}

fn notices() -> Vec<(&'static str, String)> {
    let notice = |kind, request_id: Option<String>| {
        render(move || view! { <NoticePage brand=None assets=&ASSETS kind request_id/> })
    };
    let request_id = || Some("0192f1c4-8a5e-7cc0-9b7e-1f1f9d1c2b3a".to_owned());
    Notice::ALL
        .into_iter()
        .map(|kind| match kind {
            Notice::NotFound => ("notice-not-found", notice(kind, None)),
            Notice::BadRequest => ("notice-bad-request", notice(kind, None)),
            Notice::Forbidden => ("notice-forbidden", notice(kind, None)),
            Notice::MethodNotAllowed => ("notice-method", notice(kind, None)),
            Notice::PayloadTooLarge => ("notice-payload", notice(kind, None)),
            Notice::TooMany => ("notice-too-many", notice(kind, None)),
            Notice::Busy => ("notice-busy", notice(kind, None)),
            Notice::Internal => ("notice-internal", notice(kind, request_id())),
            Notice::Unavailable => ("notice-unavailable", notice(kind, request_id())),
        })
        .collect()
}

fn mailbox() -> Vec<(&'static str, String)> {
    let mail = DevMail {
        id: "m1".to_owned(),
        to: "ada@harbourbooks.example".to_owned(),
        subject: "Your link to Juniper & Finch".to_owned(),
        at_text: "22 Nov 2026, 14:02".to_owned(),
    };
    let message = DevMailMessage {
        to: mail.to.clone(),
        from: "Juniper & Finch <portal@localhost>".to_owned(),
        subject: mail.subject.clone(),
        at_text: mail.at_text.clone(),
        text: "Hello Ada,\n\nhttp://127.0.0.1:3000/portal/link/token\n\nThe link works once.".to_owned(),
        html_src: "/mail-part.html".to_owned(),
    };
    let links = vec!["http://127.0.0.1:3000/portal/link/token".to_owned()];
    vec![
        ("mailbox", render(|| view! { <DevMailPage assets=&ASSETS mails=vec![mail]/> })),
        ("mailbox-empty", render(|| view! { <DevMailPage assets=&ASSETS mails=Vec::new()/> })),
        ("mail", render(|| view! { <DevMailMessagePage assets=&ASSETS mail=message links/> })),
    ]
}
