//! What an invoice comes to is the same integer wherever it is said (rule M1). The oracle is `plain.rs`.

use std::collections::{BTreeMap, BTreeSet};

use app::{
    format::Formats,
    money::{Currency, MoneyPattern, Reckoning, Totals, TypedLine, line_net},
};
use postern::draft::{Reading, TypedInvoice};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    harness::{Browser, Dice, TestApp, both_databases, rounds},
    plain::{CURRENCIES, Plain, Sums, minor_of},
    world::World,
};

const READ: u32 = 10_000;
/// Pages and documents take their time unoptimised. `TEST_ROUNDS=10000 cargo test --release … totals` looks at more
/// of them, and at the mail of each.
const STORED: u32 = 240;
const USUALLY_MAILED: u32 = 20;

fn sums_of(totals: &Totals) -> Sums {
    let tax = |tax: &app::money::TaxLine| [tax.rate_ppm, tax.base_minor, tax.tax_minor].map(i128::from);
    Sums {
        nets: totals.lines_net.iter().copied().map(i128::from).collect(),
        discount: totals.discount_minor.into(),
        subtotal: totals.subtotal_minor.into(),
        taxes: totals.taxes.iter().map(tax).collect(),
        tax: totals.tax_minor.into(),
        total: totals.total_minor.into(),
    }
}

/// What the editor's island does with what is typed, short of the document: each line's amount and the sums,
/// as texts. Nothing where there is too much.
fn edited(
    lines: &[TypedLine],
    discount: &str,
    currency: Currency,
    pattern: &MoneyPattern,
) -> Option<(Vec<String>, [String; 4])> {
    let amount = |line: &TypedLine| pattern.write(line_net(line.read(currency, '.').ok()?).ok()?).into();
    let amounts = lines.iter().map(amount).collect::<Option<Vec<String>>>();
    let sums = Reckoning::of(lines, discount, currency, '.').totals.ok()?;
    let shown =
        [sums.subtotal_minor + sums.discount_minor, -sums.discount_minor, sums.tax_minor, sums.total_minor];
    Some((amounts?, shown.map(|minor| pattern.write(minor))))
}

/// Ten thousand random invoices: what the editor writes while one types (the code that the island runs, here
/// compiled for this machine, down to the text that it puts onto the page), and what the server reads of the
/// same text when it is sent, are what the oracle says, or are refused with its reason. The database, the pages and
/// the mails are looked at below, for fewer.
#[test]
fn ten_thousand_invoices_come_to_the_same_in_the_editor_and_on_the_server() {
    let formats = Formats::new("en-GB", "Europe/Berlin");
    let patterns: BTreeMap<&str, (Currency, MoneyPattern)> = CURRENCIES
        .into_iter()
        .map(|(code, _)| {
            let currency: Currency = code.parse().unwrap();
            let [large, small] = MoneyPattern::samples(currency).map(|minor| formats.money(minor, currency));
            (code, (currency, MoneyPattern::read(&large, &small, currency).unwrap()))
        })
        .collect();
    let mut dice = Dice::new(10_000);
    let mut refused = BTreeMap::<&str, u32>::new();
    for n in 0..READ {
        let (code, decimals) = *dice.pick(&CURRENCIES);
        let (currency, pattern) = &patterns[code];
        let plain = Plain::draw(&mut dice);
        let (lines, discount) = plain.typed(&mut dice, decimals);
        let told = format!("{n} {code} {plain:?} {lines:?} {discount}");
        let sums = plain.sums();
        let hinders = plain.hinders();
        let shown = edited(&lines, &discount, *currency, pattern);
        assert_eq!(shown.is_none(), hinders == Some("TOO_MUCH"), "{told}");
        if let Some((amounts, of_all)) = shown {
            assert_eq!(amounts.iter().map(|text| minor_of(text)).collect::<Vec<_>>(), sums.nets, "{told}");
            let expected = [sums.subtotal + sums.discount, -sums.discount, sums.tax, sums.total];
            assert_eq!(of_all.each_ref().map(|text| minor_of(text)), expected, "{told}");
        }
        let reading = Reading {
            currency: *currency,
            decimal_sign: '.',
            today: "2026-03-01".parse().unwrap(),
            payment_days: 14,
        };
        let typed = TypedInvoice { lines, discount, ..TypedInvoice::default() };
        match (typed.check().unwrap().ready(&reading), hinders) {
            (Ok(ready), None) => assert_eq!(sums_of(&ready.totals), sums, "{told}"),
            (Err(problems), Some(code)) => {
                assert_eq!(
                    problems.iter().map(|told| told.problem.code()).collect::<Vec<_>>(),
                    [code],
                    "{told}"
                );
                *refused.entry(code).or_default() += 1;
            }
            (ready, hinders) => panic!("{hinders:?}, but {ready:?}: {told}"),
        }
    }
    assert!(
        refused.len() == 2 && refused.values().all(|count| (100..READ / 5).contains(count)),
        "{refused:?}"
    );
}

/// Everything between two marks.
fn between<'a>(text: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    text.split(from).skip(1).map(|rest| rest.split(to).next().unwrap()).collect()
}

/// The amounts of the lines, and all that stands below them, as a page of an invoice says them.
fn on_page(page: &str) -> (Vec<i128>, Vec<i128>) {
    let (lines, sums) =
        page.split_once("<dl class=\"totals\">").unwrap_or_else(|| panic!("no totals: {page}"));
    let sums = sums.split_once("</dl>").unwrap().0;
    let minor = |texts: Vec<&str>| texts.into_iter().map(minor_of).collect();
    (
        minor(between(lines, "<td role=\"cell\" class=\"amount num\">", "</td>")),
        minor(between(sums, "<dd class=\"num\">", "</dd>")),
    )
}

/// What both kinds of page say: what is nothing is left out, and the highest rate stands first.
fn to_be_shown(sums: &Sums, is_portal: bool) -> Vec<i128> {
    let mut shown = Vec::new();
    if sums.discount != 0 {
        shown.extend([sums.subtotal + sums.discount, -sums.discount]);
    }
    let taxes = kept_taxes(sums);
    if !is_portal || !taxes.is_empty() {
        shown.push(sums.subtotal);
    }
    shown.extend(taxes.iter().rev().map(|[.., tax]| tax));
    shown.extend([sums.total, sums.total]);
    shown
}

/// Where nothing is taxed at all, there is nothing to be said of a tax.
fn kept_taxes(sums: &Sums) -> Vec<[i128; 3]> {
    sums.taxes.iter().filter(|[rate, ..]| *rate != 0 || sums.taxes.len() > 1).copied().collect()
}

/// Types an invoice into a draft and sends it; gives the pages on which it then stands.
async fn sent(
    app: &TestApp,
    owner: &mut Browser,
    contact: &mut Browser,
    world: &World,
    id: Uuid,
    (lines, discount): &(Vec<TypedLine>, String),
    with_mail: bool,
) -> [String; 3] {
    let client = world.a1.id;
    let lines: Vec<String> = lines
        .iter()
        .map(|line| {
            let TypedLine { description, quantity, unit, unit_price, tax_rate } = line;
            format!("{{ description: \"{description}\", quantity: \"{quantity}\", unit: \"{unit}\", unitPrice: \"{unit_price}\", taxRate: \"{tax_rate}\" }}")
        })
        .collect();
    let to = if with_mail { format!("\"{}\"", world.a1.contact) } else { String::new() };
    let mut editor = String::new();
    for document in [
        format!("teamAddDraft(clientId: \"{client}\", id: \"{id}\") {{ id problems {{ code }} }}"),
        format!(
            "teamSaveDraft(id: \"{id}\", version: 1, input: {{ discount: \"{discount}\", lines: [{}] }}) {{ version problems {{ code }} }}",
            lines.join(", ")
        ),
        format!(
            "teamSendInvoice(id: \"{id}\", version: 2, input: {{ contactIds: [{to}] }}) {{ id problems {{ code }} }}"
        ),
    ] {
        if document.starts_with("teamSend") {
            editor = owner.get(&format!("/app/invoices/{id}/edit")).await.body;
        }
        let answer = app.team_graphql(owner, &format!("mutation {{ {document} }}")).await;
        let data = answer["data"].as_object().and_then(|data| data.values().next()).unwrap_or(&Value::Null);
        assert!(data["problems"].as_array().is_some_and(Vec::is_empty), "{answer}: {document}");
    }
    let desk = owner.get(&format!("/app/invoices/{id}")).await.body;
    let portal = contact.get(&format!("/portal/invoices/{id}")).await.body;
    [editor, desk, portal]
}

both_databases! {
    /// Two hundred and forty of these on each database, typed, saved and sent as one does: the rows of the
    /// database, the editor's page before, the team's page and the client's after say what the oracle does, and for
    /// one in twenty of them the mail says it in both of its parts.
    async fn what_is_stored_shown_and_mailed_is_what_it_comes_to(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut contact = app.signed_in("a1@clients.test").await;
        let mut dice = Dice::new(500);
        let (mut expected, mut n) = (BTreeSet::new(), 0);
        let rounds = rounds();
        while n < rounds.unwrap_or(STORED) {
            let (code, decimals) = *dice.pick(&CURRENCIES);
            let plain = Plain::draw(&mut dice);
            if plain.hinders().is_some() {
                continue;
            }
            n += 1;
            let sums = plain.sums();
            let typed = plain.typed(&mut dice, decimals);
            app.database.execute(&format!("UPDATE clients SET currency = '{code}'")).await;
            let id = Uuid::from_u128(0x0190_0000_0000_7000_b000_0000_0000_0000 + u128::from(n));
            let with_mail = rounds.is_some() || n % USUALLY_MAILED == 0;
            let [editor, desk, portal] = sent(&app, &mut owner, &mut contact, &world, id, &typed, with_mail).await;
            let told = format!("{n} {code} {plain:?} {typed:?}");
            let of_editor = ["sum-lines", "sum-discount", "sum-tax", "sum-total"].map(|sum| {
                let place = between(&editor, &format!("id=\"{sum}\""), "<");
                minor_of(place.first().and_then(|rest| rest.split_once('>')).unwrap_or_else(|| panic!("no {sum}: {editor}")).1)
            });
            assert_eq!(of_editor, [sums.subtotal + sums.discount, -sums.discount, sums.tax, sums.total], "{told}");
            for (page, is_portal) in [(desk, false), (portal, true)] {
                assert_eq!(on_page(&page), (sums.nets.clone(), to_be_shown(&sums, is_portal)), "{told}: {page}");
            }
            if with_mail {
                app.work().await;
                let mail = app.smtp.newest_to("a1@clients.test");
                let said = mail.text.lines().find_map(|line| line.strip_prefix("Amount: ")).unwrap_or_else(|| panic!("{}", mail.text));
                assert_eq!(minor_of(said), sums.total, "{told}: {}", mail.text);
                assert!(mail.html.contains(said.trim()), "{told}: {}", mail.html);
            }
            let number = format!("alder-{}", 99 + n);
            let Sums { discount, subtotal, tax, total, .. } = sums;
            expected.insert(format!("{number} {code} {subtotal} {discount} {tax} {total}"));
            expected.extend((1..).zip(&sums.nets).map(|(at, net)| format!("{number} line {at} {net}")));
            expected.extend(kept_taxes(&sums).iter().map(|[rate, base, tax]| format!("{number} tax {rate} {base} {tax}")));
        }
        let of = "JOIN invoices i ON i.org_id = x.org_id AND i.client_id = x.client_id AND i.id = x.invoice_id WHERE i.number LIKE 'alder-%'";
        let stored = app.database.texts(&format!(
            "SELECT i.number || ' ' || i.currency || ' ' || CAST(i.subtotal_minor AS TEXT) || ' ' || CAST(i.discount_minor AS TEXT) || ' ' || \
             CAST(i.tax_minor AS TEXT) || ' ' || CAST(i.total_minor AS TEXT) FROM invoices i WHERE i.number LIKE 'alder-%' \
             UNION ALL SELECT i.number || ' line ' || CAST(x.position AS TEXT) || ' ' || CAST(x.net_minor AS TEXT) FROM invoice_lines x {of} \
             UNION ALL SELECT i.number || ' tax ' || CAST(x.rate_ppm AS TEXT) || ' ' || CAST(x.base_minor AS TEXT) || ' ' || CAST(x.tax_minor AS TEXT) \
             FROM invoice_taxes x {of}"
        )).await;
        assert_eq!(stored.into_iter().collect::<BTreeSet<_>>(), expected);
    }
}
