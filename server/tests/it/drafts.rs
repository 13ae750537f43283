//! Drafts: nothing that is typed is lost, nobody writes over anybody, and nothing but the team sees one
//! (rules M1, O6, P2, T2).

use axum::{body::Body, http::Method};
use uuid::Uuid;

use crate::{
    harness::{Browser, Kind, PUBLIC_URL, Page, TestApp, both_databases},
    world::World,
};

/// A new draft of a client, and its address.
pub async fn begin(browser: &mut Browser, client: Uuid) -> String {
    let answer = browser.post("/app/invoices/new", &[("client", &client.to_string())]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("location").trim_end_matches("/edit").to_owned()
}

/// One line of a draft: description, quantity, unit price, tax rate.
pub type Line<'a> = (&'a str, &'a str, &'a str, &'a str);

/// What the editor sends.
pub fn fields<'a>(version: &'a str, act: &'a str, lines: &[Line<'a>]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("version", version),
        ("title", "Storefront"),
        ("reference", "PO 1"),
        ("notes", "Thank you."),
        ("issuedOn", ""),
        ("dueOn", ""),
        ("discount", ""),
    ];
    for (description, quantity, price, rate) in lines {
        fields.extend([
            ("description", *description),
            ("quantity", *quantity),
            ("unit", "h"),
            ("unitPrice", *price),
            ("taxRate", *rate),
        ]);
    }
    fields.push(("act", act));
    fields
}

async fn save(browser: &mut Browser, draft: &str, fields: &[(&str, &str)]) -> Page {
    browser.post(&format!("{draft}/edit"), fields).await
}

async fn totals(app: &TestApp) -> Vec<String> {
    app.database
        .texts(
            "SELECT CAST(subtotal_minor AS TEXT) || ' ' || CAST(tax_minor AS TEXT) || ' ' || CAST(total_minor AS TEXT) \
             || ' ' || CAST(discount_minor AS TEXT) FROM invoices WHERE title = 'Storefront'",
        )
        .await
}

both_databases! {
    /// From the client to a draft that is saved and can be sent; the sums are those of the lines.
    async fn a_draft_is_begun_and_saved(app: TestApp) {
        let world = World::fill(&app).await;
        app.database.execute("UPDATE orgs SET default_tax_ppm = 190000").await;
        let mut owner = app.member("owner@alder.test").await;
        let choice = owner.get("/app/invoices/new?q=a1").await.body;
        assert!(choice.contains("CANARY-a1") && !choice.contains("CANARY-a2"), "{choice}");
        let draft = begin(&mut owner, world.a1.id).await;
        let editor = owner.get(&format!("{draft}/edit")).await.body;
        assert!(editor.contains("value=\"19\"") && editor.contains("CANARY-a1 client"), "the usual rate: {editor}");
        let lines = [("Design", "12.5", "95.00", "19"), ("Print", "", "1,250", "7")];
        let saved = save(&mut owner, &draft, &fields("1", "save", &lines)).await;
        assert_eq!(saved.header("location"), format!("{draft}/edit?saved"), "{}", saved.body);
        assert_eq!(totals(&app).await, ["243750 31313 275063 0"]);
        let page = owner.get(&format!("{draft}/edit?saved")).await.body;
        for text in ["Saved.", "value=\"12.5\"", "€1,187.50", "€2,750.63", "name=\"version\" value=\"2\"", ">Design<"] {
            assert!(page.contains(text), "{text}: {page}");
        }
        let list = owner.get("/app/invoices?status=draft&q=storefront").await.body;
        assert!(list.contains("€2,750.63") && list.contains(&draft), "{list}");
        let log = app.database.texts("SELECT kind FROM activity WHERE kind LIKE 'invoice.%'").await;
        assert_eq!(log, ["invoice.drafted"], "what is typed is no news");
        let mut contact = app.signed_in("a1@clients.test").await;
        let id = draft.rsplit('/').next().unwrap();
        assert_eq!(contact.get(&format!("/portal/invoices/{id}")).await.status, 404);
        assert!(!contact.get("/portal/invoices?q=storefront").await.body.contains(id));
    }

    /// A button that is pressed twice begins one draft.
    async fn a_draft_is_begun_once(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let id = Uuid::from_u128(0x0190_0000_0000_7000_b000_0000_0000_0001).to_string();
        for _ in 0..2 {
            let form = [("client", world.a1.id.to_string()), ("id", id.clone())];
            let form = form.each_ref().map(|(key, value)| (*key, value.as_str()));
            assert_eq!(owner.post("/app/invoices/new", &form).await.status, 303);
        }
        assert_eq!(app.database.number("SELECT COUNT(*) FROM activity WHERE kind = 'invoice.drafted'").await, 1);
        let of_another = [("client", world.a2.id.to_string()), ("id", id)];
        let of_another = of_another.each_ref().map(|(key, value)| (*key, value.as_str()));
        assert_eq!(owner.post("/app/invoices/new", &of_another).await.status, 400, "the id is another client's");
        let copy = [("id", world.a1.open.to_string())];
        let copy = copy.each_ref().map(|(key, value)| (*key, value.as_str()));
        assert_eq!(owner.post(&format!("/app/invoices/{}/duplicate", world.a2.open), &copy).await.status, 400);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM invoices").await, 25, "six for each client, and one");
        for client in [world.b1.id, Uuid::from_u128(7)] {
            assert_eq!(owner.post("/app/invoices/new", &[("client", &client.to_string())]).await.status, 404);
        }
    }

    /// What is not finished is kept as it was typed; what hinders sending it is told at its field (O6).
    async fn what_is_unfinished_is_kept(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let draft = begin(&mut owner, world.a1.id).await;
        let lines = [("", "a few", "<b>x", "200"), ("Ok", "1", "10", "")];
        let mut form = fields("1", "review", &lines);
        form[4].1 = "2026-02-30";
        form[6].1 = "half";
        let page = save(&mut owner, &draft, &form).await;
        assert_eq!(page.status, 422);
        for text in ["value=\"a few\"", "value=\"&lt;b&gt;x\"", "This is no number", "There is no such day", "This is needed", "no percentage"] {
            assert!(page.body.contains(text), "{text}: {}", page.body);
        }
        let again = owner.get(&format!("{draft}/edit")).await.body;
        assert!(again.contains("value=\"a few\"") && again.contains("value=\"half\""), "after a reload: {again}");
        assert_eq!(totals(&app).await, ["1000 0 1000 0"], "of what can be read");
    }

    /// Of two who write at one draft, the second is told, and nothing is overwritten.
    async fn two_members_do_not_overwrite_each_other(app: TestApp) {
        let world = World::fill(&app).await;
        let mut first = app.member("owner@alder.test").await;
        let mut second = app.member("owner@alder.test").await;
        let draft = begin(&mut first, world.a1.id).await;
        assert_eq!(save(&mut first, &draft, &fields("1", "save", &[("First", "1", "10", "")])).await.status, 303);
        let late = save(&mut second, &draft, &fields("1", "save", &[("Second", "1", "99", "")])).await;
        assert!(late.status == 422 && late.body.contains("Somebody else") && late.body.contains(">Second<"), "{}", late.body);
        assert_eq!(totals(&app).await, ["1000 0 1000 0"]);
        assert!(late.body.contains("name=\"version\" value=\"2\""), "whoever has read it may save again");
        let answer = second.post(&format!("{draft}/autosave"), &fields("1", "", &[("Second", "1", "99", "")])).await;
        assert!(answer.status == 200 && answer.body.starts_with("\nNot saved: somebody else"), "{}", answer.body);
        assert_eq!(totals(&app).await, ["1000 0 1000 0"]);
    }

    /// The editor saves by itself, and each save gives the version for the next.
    async fn the_editor_saves_by_itself(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let draft = begin(&mut owner, world.a1.id).await;
        let path = format!("{draft}/autosave");
        let first = owner.post(&path, &fields("1", "", &[("A", "1", "10", "")])).await;
        assert_eq!(first.body, "2\nSaved at 13:00.", "the org's time");
        let second = owner.post(&path, &fields("2", "", &[("A", "1", "1", "")])).await;
        assert!(second.body.starts_with("3\n"), "{}", second.body);
        let hostile = owner.post(&path, &fields("3", "", &[("a\u{202e}b", "1", "1", "")])).await;
        assert!(hostile.body.starts_with("3\nNot saved yet: There are characters"), "{}", hostile.body);
        assert_eq!(totals(&app).await, ["100 0 100 0"]);
    }

    /// Lines are added and removed without a script, and a discount is taken off before tax.
    async fn lines_come_and_go_without_a_script(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let draft = begin(&mut owner, world.a1.id).await;
        let more = save(&mut owner, &draft, &fields("1", "add", &[("A", "1", "10", "19")])).await;
        assert_eq!((more.status, more.body.matches("name=\"description\"").count()), (200, 2), "{}", more.body);
        let lines = [("Alpha", "1", "10", "19"), ("Beta", "1", "20", "19")];
        let mut form = fields("2", "remove:0", &lines);
        form[6].1 = "10";
        assert_eq!(save(&mut owner, &draft, &form).await.status, 303);
        assert_eq!(totals(&app).await, ["1800 342 2142 200"]);
        let page = owner.get(&format!("{draft}/edit")).await.body;
        assert!(page.contains(">Beta<") && !page.contains("Alpha"), "{page}");
    }

    /// Deleted, a draft is gone; what was sent cannot be deleted. A copy says the same, with today's dates.
    async fn a_draft_is_deleted_and_copied(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let copy = owner.post(&format!("/app/invoices/{}/duplicate", world.a1.overdue), &[]).await;
        assert_eq!(copy.status, 303);
        let page = owner.get(copy.header("location")).await.body;
        for text in ["CANARY-a1 title 1", "CANARY-a1 line", "value=\"200\"", "value=\"19\"", "€238.00"] {
            assert!(page.contains(text), "{text}: {page}");
        }
        let draft = copy.header("location").trim_end_matches("/edit").to_owned();
        let of_draft = owner.post(&format!("/app/invoices/{}/duplicate", world.a1.draft), &[]).await;
        assert!(owner.get(of_draft.header("location")).await.body.contains("€999.99"));
        for _ in 0..2 {
            assert_eq!(owner.post(&format!("{draft}/delete"), &[]).await.status, 303, "sent twice");
        }
        assert_eq!(owner.get(&format!("{draft}/edit")).await.status, 404);
        for kept in [world.a1.open, world.b1.draft] {
            owner.post(&format!("/app/invoices/{kept}/delete"), &[]).await;
            let id = app.database.uuid(kept);
            assert_eq!(app.database.number(&format!("SELECT COUNT(*) FROM invoices WHERE id = {id}")).await, 1);
        }
        assert_eq!(owner.post(&format!("/app/invoices/{}/duplicate", world.b1.open), &[]).await.status, 404);
    }
}

/// No lines, ten thousand lines, and text that is too long: told at the form, and what was typed is still there.
#[tokio::test]
async fn too_many_lines_are_told_and_not_lost() {
    let app = TestApp::start(Kind::Sqlite).await;
    let world = World::fill(&app).await;
    let mut owner = app.member("owner@alder.test").await;
    let draft = begin(&mut owner, world.a1.id).await;
    let none = save(&mut owner, &draft, &fields("1", "review", &[])).await;
    assert!(none.status == 422 && none.body.contains("There is nothing to bill yet"), "{}", none.body);
    let lines: Vec<Line<'_>> = (0..10_000).map(|_| ("Hour", "1", "1", "")).collect();
    let many = save(&mut owner, &draft, &fields("2", "save", &lines)).await;
    assert!(many.status == 422 && many.body.contains("at most 500 lines"), "{}", many.status);
    assert_eq!(many.body.matches("name=\"description\"").count(), 10_000, "they are all still there");
    let long = "x".repeat(1_001);
    let page = save(&mut owner, &draft, &fields("2", "save", &[(&long, "1", "1", "")])).await;
    assert!(page.status == 422 && page.body.contains("At most 1000 characters"), "{}", page.status);
    for pairs in [vec![("a", ""); 60_001], vec![("description", "x"); 10_001]] {
        for path in [format!("{draft}/edit"), format!("{draft}/autosave")] {
            assert_eq!(owner.post(&path, &pairs).await.status, 413, "no form of ours");
        }
    }
    let huge = "x".repeat(5 * 1024 * 1024);
    let origin = [
        ("origin", PUBLIC_URL),
        ("sec-fetch-site", "same-origin"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let body = Body::from(format!("title={huge}"));
    let answer = owner.request(Method::POST, &format!("{draft}/edit"), &origin, body).await;
    assert_eq!(answer.status, 413);
}
