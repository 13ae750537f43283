//! Believable data for every page, and data that is as awkward as real life gets.

use chrono::{DateTime, Days, NaiveDate, Utc};
use postern_app::{
    api::portal::{
        Access, AccessEntry, AccessKind, Balance, Home, Invoice, InvoiceLine, InvoiceRow, InvoiceStatus,
        InvoiceTax, Page, PageInfo, Payment, PaymentKind, PaymentMethod, Session,
    },
    brand::Accent,
    format::Formats,
    layout::{Assets, Brand, Frame},
    money::Currency,
};
use std::borrow::Cow;

pub(crate) static ASSETS: Assets = Assets {
    css: Cow::Borrowed("/assets/main.css"),
    boot_js: Cow::Borrowed("/assets/boot.js"),
    glue_js: Cow::Borrowed("/assets/glue.js"),
    desk_boot_js: Cow::Borrowed("/assets/desk-boot.js"),
    desk_glue_js: Cow::Borrowed("/assets/desk.js"),
    desk_wasm: Cow::Borrowed("/assets/desk.wasm"),
    wasm: Cow::Borrowed("/assets/site.wasm"),
    continue_js: Cow::Borrowed("/assets/continue.js"),
    icon: Cow::Borrowed("/assets/icon.svg"),
    explorer_js: Cow::Borrowed("explorer.js"),
    explorer_css: Cow::Borrowed("explorer.css"),
};

/// The day on which all of this is looked at.
pub(crate) fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap_or_default()
}

pub(crate) fn brand() -> Brand {
    Brand {
        org_slug: "juniper-finch".to_owned(),
        org_name: "Juniper & Finch".to_owned(),
        logo_url: None,
        accent: "#1f5f4a".parse::<Accent>().unwrap_or_default(),
        support_email: "hello@juniperfinch.example".to_owned(),
    }
}

pub(crate) fn frame() -> Frame {
    Frame {
        brand: brand(),
        client_name: "Harbour Books".to_owned(),
        contact_name: "Ada Lindqvist".to_owned(),
        contact_email: "ada@harbourbooks.example".to_owned(),
        today: today(),
        formats: Formats::new("en-GB", "Europe/Dublin"),
        payment_instructions: "Bank of Ireland\nIBAN IE29 AIBK 9311 5212 3456 78\nBIC AIBKIE2D\nAccount holder: Juniper & Finch Ltd"
            .to_owned(),
        can_pay: false,
        is_preview: false,
        assets: &ASSETS,
    }
}

/// The same where one can pay online.
pub(crate) fn payable_frame() -> Frame {
    Frame { can_pay: true, ..frame() }
}

/// Long names, a right-to-left name, a colour that needs help, no instructions, another locale.
pub(crate) fn awkward_frame() -> Frame {
    Frame {
        brand: Brand {
            org_name: "Donaudampfschifffahrtsgesellschaftskapitänswitwen-Unterstützungsverein e. V."
                .to_owned(),
            accent: "#ffd400".parse::<Accent>().unwrap_or_default(),
            ..brand()
        },
        client_name: "شركة المرفأ للكتب والطباعة والنشر".to_owned(),
        contact_name: "ليلى الحداد".to_owned(),
        contact_email:
            "a-very-long-address-that-somebody-really-uses-every-day@subdomain.harbourbooks.example"
                .to_owned(),
        formats: Formats::new("de-DE", "Europe/Berlin"),
        payment_instructions: String::new(),
        ..frame()
    }
}

pub(crate) fn currency(code: &str) -> Currency {
    match code.parse() {
        Ok(currency) => currency,
        Err(unknown) => panic!("{code}: {unknown}"),
    }
}

pub(crate) fn days_ago(days: u64) -> NaiveDate {
    today() - Days::new(days)
}

pub(crate) fn row(
    number: &str,
    title: &str,
    status: InvoiceStatus,
    total: i64,
    paid: i64,
    days_left: i64,
) -> InvoiceRow {
    let due_on = today() + chrono::TimeDelta::days(days_left);
    InvoiceRow {
        id: format!("inv_{number}"),
        number: number.to_owned(),
        title: title.to_owned(),
        status,
        issued_on: due_on - Days::new(30),
        due_on,
        last_paid_on: (paid > 0).then(|| days_ago(44)),
        currency: currency("EUR"),
        total_minor: total,
        paid_minor: paid,
        due_minor: if status == InvoiceStatus::Void { 0 } else { (total - paid).max(0) },
        processing_since: None,
        failed_at: None,
    }
}

pub(crate) fn open_rows() -> Vec<InvoiceRow> {
    vec![
        row("JF-2026-041", "Website care, October", InvoiceStatus::Overdue, 125_000, 0, -19),
        row("JF-2026-044", "Catalogue photography", InvoiceStatus::PartiallyPaid, 216_000, 60_000, 8),
        row(
            "JF-2026-047",
            "Spring window lettering, two shops, including proofs",
            InvoiceStatus::Open,
            150_000,
            0,
            22,
        ),
    ]
}

pub(crate) fn settled_rows() -> Vec<InvoiceRow> {
    vec![
        row("JF-2026-038", "Website care, September", InvoiceStatus::Paid, 125_000, 125_000, -30),
        row("JF-2026-035", "Flyers, second proof", InvoiceStatus::Void, 48_000, 0, -40),
        row("JF-2026-033", "Website care, August", InvoiceStatus::Paid, 125_000, 125_000, -60),
        row(
            "JF-2026-029",
            "Shop opening: concept, print, signs",
            InvoiceStatus::Paid,
            1_284_050,
            1_284_050,
            -90,
        ),
    ]
}

/// Rows with long words, a right-to-left title, other currencies, the ends of the range.
pub(crate) fn awkward_rows() -> Vec<InvoiceRow> {
    let mut rows = vec![
        row(
            "2026/DDSG/0000000000000000000000000000041",
            "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz, Stellungnahme, dritte Fassung",
            InvoiceStatus::Overdue,
            99_999_999_999,
            0,
            -400,
        ),
        row("2026/042", "تصميم الغلاف والصفحات الداخلية", InvoiceStatus::PartiallyPaid, 125_000, 1, 0),
        row("2026/043", "", InvoiceStatus::Open, 100, 0, 1),
    ];
    rows[0].currency = currency("USD");
    rows[1].currency = currency("KWD");
    rows[2].currency = currency("JPY");
    rows
}

pub(crate) fn page<T>(nodes: Vec<T>, previous: bool, next: bool) -> Page<T> {
    Page {
        nodes,
        page_info: PageInfo {
            has_next_page: next,
            has_previous_page: previous,
            start_cursor: Some("start".to_owned()),
            end_cursor: Some("end".to_owned()),
        },
    }
}

fn balance(code: &str, outstanding: i64, open: i64, overdue: i64) -> Balance {
    Balance {
        currency: currency(code),
        outstanding_minor: outstanding,
        open_count: open,
        overdue_minor: overdue,
        overdue_count: i64::from(overdue > 0),
        overdue_since: (overdue > 0).then(|| days_ago(19)),
    }
}

pub(crate) fn home() -> Home {
    Home {
        balances: vec![balance("EUR", 431_000, 3, 125_000)],
        open: open_rows(),
        has_more_open: false,
        settled: settled_rows(),
        state_tag: "0".to_owned(),
    }
}

pub(crate) fn home_one_open() -> Home {
    Home {
        balances: vec![balance("EUR", 150_000, 1, 0)],
        open: open_rows().split_off(2),
        has_more_open: false,
        settled: Vec::new(),
        ..home()
    }
}

/// A payment of one of the open invoices is under way, and one of another has failed.
pub(crate) fn home_processing() -> Home {
    let mut home = home();
    if let Some(first) = home.open.first_mut() {
        first.processing_since = Some(yesterday());
    }
    if let Some(last) = home.open.last_mut() {
        last.failed_at = Some(yesterday());
    }
    home
}

pub(crate) fn home_awkward() -> Home {
    Home {
        balances: vec![
            balance("EUR", 431_000, 3, 125_000),
            balance("USD", 99_999_999_999, 1_204, 99_999_999_999),
            balance("KWD", 124_999, 1, 0),
            balance("JPY", 100, 1, 0),
        ],
        open: awkward_rows(),
        has_more_open: true,
        ..home()
    }
}

pub(crate) fn home_settled() -> Home {
    Home { balances: Vec::new(), open: Vec::new(), ..home() }
}

pub(crate) fn home_new() -> Home {
    Home { balances: Vec::new(), open: Vec::new(), settled: Vec::new(), ..home() }
}

/// As many rows as a page of a list has.
pub(crate) fn long_list() -> Vec<InvoiceRow> {
    (0..25)
        .map(|index| match index % 5 {
            0 => row(
                &format!("JF-2026-{index:03}"),
                "Website care",
                InvoiceStatus::Paid,
                125_000,
                125_000,
                -30 * index,
            ),
            1 => row(&format!("JF-2026-{index:03}"), "Proofs", InvoiceStatus::Void, 4_800, 0, -30 * index),
            2 => row(&format!("JF-2026-{index:03}"), "Signs", InvoiceStatus::Overdue, 980_050, 0, -3 - index),
            3 => {
                row(&format!("JF-2026-{index:03}"), "Print", InvoiceStatus::PartiallyPaid, 90_000, 45_000, 9)
            }
            _ => row(&format!("JF-2026-{index:03}"), "Photography", InvoiceStatus::Open, 1_234_567, 0, 14),
        })
        .collect()
}

fn line(description: &str, milli: i64, unit: &str, price: i64, rate: i64, net: i64) -> InvoiceLine {
    InvoiceLine {
        description: description.to_owned(),
        quantity_milli: milli,
        unit: unit.to_owned(),
        unit_price_minor: price,
        tax_rate_ppm: rate,
        net_minor: net,
    }
}

pub(crate) fn invoice(row: InvoiceRow) -> Invoice {
    let payments = if row.paid_minor > 0 { payments().split_off(3) } else { Vec::new() };
    Invoice {
        row,
        reference: "PO 88-113".to_owned(),
        notes: "Thank you for the second shop!\nProofs are kept until March.".to_owned(),
        discount_ppm: 0,
        discount_minor: 0,
        subtotal_minor: 180_000,
        tax_minor: 36_000,
        lines: vec![
            line(
                "Photography, one day in each shop\nincl. travel from Cork",
                2_000,
                "days",
                65_000,
                230_000,
                130_000,
            ),
            line("Retouching", 7_500, "h", 6_000, 230_000, 45_000),
            line("Printed contact sheets", 10_000, "", 500, 135_000, 5_000),
        ],
        taxes: vec![
            InvoiceTax { label: "VAT".to_owned(), rate_ppm: 230_000, base_minor: 175_000, tax_minor: 35_325 },
            InvoiceTax { label: "VAT".to_owned(), rate_ppm: 135_000, base_minor: 5_000, tax_minor: 675 },
        ],
        payments,
        bill_to: ["Harbour Books", "Accounts", "4 Quay Street", "Galway H91 A2XC", "Ireland"]
            .map(str::to_owned)
            .to_vec(),
        bill_to_tax_id: "IE 1234567T".to_owned(),
        bill_from: ["Juniper & Finch Ltd", "18 Mill Lane", "Cork T12 X8NP", "Ireland"]
            .map(str::to_owned)
            .to_vec(),
        bill_from_tax_id: "IE 9876543W".to_owned(),
        allows_part: false,
        state_tag: "open-0-0-0".to_owned(),
    }
}

fn payment(kind: PaymentKind, method: PaymentMethod, minor: i64, reference: &str) -> Payment {
    Payment {
        id: format!("pay_{minor}"),
        kind,
        method,
        received_on: days_ago(30),
        currency: currency("EUR"),
        amount_minor: minor,
        reference: reference.to_owned(),
        invoice_id: "inv_JF-2026-044".to_owned(),
        invoice_number: "JF-2026-044".to_owned(),
        is_reversed: minor == 60_000,
    }
}

pub(crate) fn payments() -> Vec<Payment> {
    vec![
        payment(PaymentKind::Dispute, PaymentMethod::Card, -12_500, ""),
        payment(PaymentKind::Refund, PaymentMethod::Card, -4_000, "Returned proofs"),
        payment(PaymentKind::Reversal, PaymentMethod::BankTransfer, -60_000, ""),
        payment(PaymentKind::Payment, PaymentMethod::BankTransfer, 60_000, "E2E-77120034-HARBOUR"),
        payment(PaymentKind::Payment, PaymentMethod::Cash, 1_000, ""),
    ]
}

/// Online payments, as they come and go: paid, given back in part, taken back by a bank, and decided.
pub(crate) fn online_payments() -> Vec<Payment> {
    vec![
        payment(PaymentKind::RefundFailed, PaymentMethod::Card, 4_000, ""),
        payment(PaymentKind::DisputeWon, PaymentMethod::Card, 12_500, ""),
        payment(PaymentKind::Dispute, PaymentMethod::Card, -12_500, ""),
        payment(PaymentKind::Refund, PaymentMethod::Card, -4_000, ""),
        payment(PaymentKind::Payment, PaymentMethod::Card, 216_000, ""),
    ]
}

/// A moment on the day before.
pub(crate) fn yesterday() -> DateTime<Utc> {
    at("2026-11-21T14:02:00Z")
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or_default()
}

pub(crate) fn access() -> Access {
    let session = |id: &str, current, browser: &str| Session {
        id: id.to_owned(),
        current,
        created_at: at("2026-11-20T14:02:00Z"),
        expires_at: at("2026-11-27T14:02:00Z"),
        browser: browser.to_owned(),
        ip_short: "203.0.113.0".to_owned(),
    };
    let entry = |id: &str, kind, invoice: Option<&str>| AccessEntry {
        id: id.to_owned(),
        at: at("2026-11-21T09:14:00Z"),
        kind,
        contact_name: "Ada Lindqvist".to_owned(),
        browser: "Firefox on Linux".to_owned(),
        ip_short: "203.0.113.0".to_owned(),
        invoice_id: invoice.map(|number| format!("inv_{number}")),
        invoice_number: invoice.map(str::to_owned),
    };
    Access {
        sessions: vec![
            session("s1", true, "Firefox on Linux"),
            session("s2", false, "Safari on iPhone"),
            session("s3", false, ""),
        ],
        access_log: page(
            vec![
                entry("a1", AccessKind::InvoiceViewed, Some("JF-2026-044")),
                entry("a2", AccessKind::SignedIn, None),
                entry("a3", AccessKind::LinkRequested, None),
                entry("a4", AccessKind::LinkRefused, None),
                entry("a5", AccessKind::SessionEnded, None),
                entry("a6", AccessKind::SignedOut, None),
                entry("a7", AccessKind::Paid, Some("JF-2026-038")),
                entry("a8", AccessKind::ReceiptDownloaded, Some("JF-2026-038")),
                entry("a9", AccessKind::StatementDownloaded, None),
            ],
            true,
            true,
        ),
    }
}
