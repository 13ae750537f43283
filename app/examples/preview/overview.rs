//! The team's overview, payments and log, and the data on them.

use leptos::prelude::*;
use postern_app::{
    activity::kinds,
    api::{
        portal::{PaymentKind, PaymentMethod},
        team::{
            Activity, ActivityFilter, ActivityLog, ActorKind, ClientName, Figures, InvoiceStatus, Overview,
            PaidMonth, Payment, PaymentSummary, Person, PersonFilter, Topic,
        },
    },
    layout::DeskFrame,
    pages::team::{ActivityPage, ClientChoice, OverviewPage, TeamPaymentsPage},
    problem::{FieldProblem, Problem, Problems},
    render::render,
};

use super::{
    fixtures as data,
    team::{frame, invoice_summary},
};

pub(crate) fn row(kind: &str, hours_ago: i64) -> Activity {
    let newest: chrono::DateTime<chrono::Utc> = "2026-11-22T14:02:00Z".parse().unwrap_or_default();
    let by_contact = kind.starts_with("portal.") || kind.starts_with("share.");
    Activity {
        at: newest - chrono::TimeDelta::hours(hours_ago),
        kind: kind.to_owned(),
        actor_kind: if by_contact { ActorKind::Contact } else { ActorKind::Member },
        actor_name: if by_contact { "Ines Duarte" } else { "Jonas Weiß" }.to_owned(),
        by_viewer: hours_ago % 3 == 2 && !by_contact,
        client_id: Some("client".to_owned()),
        client_name: Some(
            if hours_ago % 4 == 3 { "قهوة الميناء القديم" } else { "Harbour Books" }.to_owned(),
        ),
        contact_id: Some("contact".to_owned()),
        contact_name: Some("Bartholomew Featherstonehaugh-Cholmondeley the Younger".to_owned()),
        invoice_id: Some("invoice".to_owned()),
        invoice_number: Some("JF-2026-047".to_owned()),
        detail: match kind {
            "payment.recorded" | "payment.reversed" => "bank_transfer",
            "org.plan_changed" => "agency",
            "portal.link_refused" => "access is off",
            "member.invited" => "jo@juniperfinch.example",
            _ => "",
        }
        .to_owned(),
        browser: "Firefox on Linux".to_owned(),
        ip_short: "203.0.113.x".to_owned(),
    }
}

fn figures(code: &str, outstanding: i64, overdue: i64, scale: i64) -> Figures {
    let paid = [310, 0, 480, 620, 480, 880, 710, 640, -40, 640, 641, 302];
    let first = data::today();
    let months = (0..12).rev().filter_map(|back| {
        chrono::Datelike::with_day(&first, 1)?.checked_sub_months(chrono::Months::new(back))
    });
    Figures {
        currency: data::currency(code),
        outstanding_minor: outstanding,
        open_count: 7,
        overdue_minor: overdue,
        overdue_count: i64::from(overdue > 0) * 2,
        overdue_since: (overdue > 0).then(|| data::today() - chrono::TimeDelta::days(19)),
        paid_months: months
            .zip(paid)
            .map(|(month, paid)| PaidMonth { month, paid_minor: paid * scale })
            .collect(),
    }
}

fn overview() -> Overview {
    Overview {
        figures: vec![figures("EUR", 1_187_000, 248_000, 1_000)],
        overdue: vec![invoice_summary(
            Some("JF-2026-041"),
            "Harbour Books",
            InvoiceStatus::Overdue,
            125_000,
            125_000,
        )],
        drafts: vec![invoice_summary(None, "Norra Kaffe AB", InvoiceStatus::Draft, 198_000, 0)],
        views: vec![row("portal.invoice_viewed", 2), row("share.viewed", 30)],
        lately: [
            "payment.recorded",
            "portal.invoice_viewed",
            "portal.signed_in",
            "invoice.sent",
            "org.changed",
        ]
        .into_iter()
        .zip(1..)
        .map(|(kind, hours)| row(kind, hours))
        .collect(),
        has_client: true,
        has_invoice: true,
        has_brand: true,
    }
}

fn empty() -> Overview {
    Overview {
        figures: vec![],
        overdue: vec![],
        drafts: vec![],
        views: vec![],
        lately: vec![row("team.signed_up", 2)],
        has_client: false,
        has_invoice: false,
        has_brand: false,
    }
}

/// File stem and HTML of every page.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    [overviews(), payments(), activity()].concat()
}

fn overviews() -> Vec<(&'static str, String)> {
    let page = |frame, data, chosen| render(move || view! { <OverviewPage frame data chosen/> });
    let several = Overview {
        figures: vec![
            figures("EUR", 1_187_000, 248_000, 1_000),
            figures("SEK", 12_345_678_900, 0, 100_000),
            figures("KWD", 0, 124_999, 1),
        ],
        overdue: (0..5)
            .map(|n| {
                invoice_summary(
                    Some("JF-2026-0041-long"),
                    "Donaudampfschifffahrtsgesellschaftskapitänswitwen-Unterstützungsverein e. V.",
                    InvoiceStatus::Overdue,
                    125_000 + n,
                    99_999_999_999,
                )
            })
            .collect(),
        lately: kinds().zip(1..).map(|(kind, hours)| row(kind, hours)).take(8).collect(),
        ..overview()
    };
    let settled = Overview { overdue: vec![], drafts: vec![], ..overview() };
    vec![
        ("team-overview", page(frame(), overview(), None)),
        ("team-overview-several", page(frame(), several, Some(data::currency("SEK")))),
        ("team-overview-settled", page(frame(), settled, None)),
        ("team-overview-new", page(frame(), empty(), None)),
        (
            "team-overview-begun",
            page(
                frame(),
                Overview { has_client: true, drafts: overview().drafts, has_invoice: true, ..empty() },
                None,
            ),
        ),
        ("team-overview-new-member", page(DeskFrame { is_admin: false, ..frame() }, empty(), None)),
    ]
}

fn payments() -> Vec<(&'static str, String)> {
    let payment = |kind, method, amount, client: &str, is_reversed| PaymentSummary {
        payment: Payment {
            id: format!("payment{amount}"),
            kind,
            method,
            amount_minor: amount,
            received_on: data::today(),
            reference: "JF-2026-044 / 4711".to_owned(),
            is_reversed,
            is_unexpected: amount == 99_999_999_999,
            is_reversible: false,
        },
        currency: data::currency("EUR"),
        client_id: "client".to_owned(),
        client_name: client.to_owned(),
        invoice_id: "invoice".to_owned(),
        invoice_number: Some("JF-2026-044".to_owned()),
    };
    let some = vec![
        payment(PaymentKind::Payment, PaymentMethod::BankTransfer, 60_000, "Harbour Books", false),
        payment(PaymentKind::Reversal, PaymentMethod::Cash, -1_200, "Norra Kaffe AB", false),
        payment(PaymentKind::Payment, PaymentMethod::Cash, 1_200, "Norra Kaffe AB", true),
        payment(PaymentKind::Refund, PaymentMethod::Card, -99_999_999_999, "قهوة الميناء القديم", false),
        payment(PaymentKind::Payment, PaymentMethod::Card, 99_999_999_999, "قهوة الميناء القديم", false),
    ];
    let page = |search: &'static str, nodes, more| {
        render(move || {
            view! { <TeamPaymentsPage frame=frame() search=search.to_owned() page=data::page(nodes, more, more)/> }
        })
    };
    vec![
        ("team-payments", page("", some, true)),
        ("team-payments-empty", page("", vec![], false)),
        ("team-payments-no-hit", page("piano", vec![], false)),
    ]
}

fn activity() -> Vec<(&'static str, String)> {
    let person =
        |id: &str, name: &str, is_contact| Person { id: id.to_owned(), name: name.to_owned(), is_contact };
    let page =
        |filter: ActivityFilter, nodes: Vec<Activity>, choice: Option<ClientChoice>, problems: Problems| {
            let log = ActivityLog {
                activity: data::page(nodes, true, true),
                people: vec![person("1", "Jonas Weiß", false), person("2", "Ines Duarte", true)],
                client: filter.client.as_ref().map(|_| ClientName { name: "Harbour Books".to_owned() }),
            };
            let days = (filter.from.map_or(String::new(), |day| day.to_string()), String::new());
            render(move || view! { <ActivityPage frame=frame() filter log choice days problems/> })
        };
    let all: Vec<Activity> =
        kinds().chain(["piano.tuned"]).zip(0..).map(|(kind, hours)| row(kind, hours)).collect();
    let filtered = ActivityFilter {
        topic: Some(Topic::Invoices),
        person: Some(PersonFilter::Contact("2".to_owned())),
        client: Some("client".to_owned()),
        from: Some(data::today()),
        to: None,
    };
    let wrong: Problems = vec![FieldProblem::new("from", Problem::NoDay)].into();
    let choice = |found: &[&str]| ClientChoice {
        typed: "har".to_owned(),
        found: found.iter().map(|name| ("client".to_owned(), (*name).to_owned())).collect(),
    };
    let none = Problems::default;
    vec![
        ("team-activity", page(ActivityFilter::default(), all.clone(), None, none())),
        ("team-activity-empty", page(ActivityFilter::default(), vec![], None, none())),
        ("team-activity-filtered", page(filtered.clone(), all.into_iter().take(4).collect(), None, none())),
        ("team-activity-no-hit", page(filtered.clone(), vec![], None, none())),
        ("team-activity-wrong", page(filtered, vec![], None, wrong)),
        (
            "team-activity-which",
            page(
                ActivityFilter::default(),
                vec![],
                Some(choice(&["Harbour Books", "Haralds Möbel", "قهوة الميناء القديم"])),
                none(),
            ),
        ),
        ("team-activity-no-client", page(ActivityFilter::default(), vec![], Some(choice(&[])), none())),
    ]
}
