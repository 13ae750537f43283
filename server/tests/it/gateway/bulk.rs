//! Much at once: files of whole lists, and batches with an answer a row.

use axum::{body::Body, http::Method};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{EVERYTHING, Program, code};
use crate::{
    harness::{Page, both_databases},
    paper::text_of,
    statements::many_invoices,
    world::World,
};

async fn export(program: &mut Program, path: &str) -> Page {
    let bearer = format!("Bearer {}", program.token);
    program.http.request(Method::GET, path, &[("authorization", bearer.as_str())], Body::empty()).await
}

fn lines(page: &Page) -> Vec<Value> {
    page.body.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect()
}

both_databases! {
    /// A file has every row of its list, in either form, and nothing of another org.
    async fn a_file_has_every_row(app: TestApp) {
        let world = World::fill(&app).await;
        many_invoices(&app, &world, 200).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        let page = export(&mut program, "/export/invoices.ndjson").await;
        assert_eq!((page.status, page.header("content-type")), (200, "application/x-ndjson"));
        assert!(page.header("content-disposition").contains("invoices-2026-03-01.ndjson") && page.header("ratelimit").contains("r="));
        let rows = lines(&page);
        let ids: std::collections::BTreeSet<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
        assert_eq!((rows.len(), ids.len()), (412, 412));
        assert!(!page.body.contains(&world.b1.canary()));
        let page = export(&mut program, "/export/invoices.csv").await;
        assert_eq!(page.body.lines().count(), 413, "a header and a line each");
        assert!(page.body.starts_with("Number,Status,Client,Title,Reference,Issued,Due,Currency,Net,Tax,Total,Paid,Open,Id,Client id\r\n"), "{}", &page.body[..200]);
        let open = page.body.lines().find(|line| line.contains(&world.a1.open.to_string())).unwrap();
        assert!(open.contains(",EUR,100,19,119,0,119,"), "{open}");
        for (path, count) in [
            ("/export/payments.ndjson", 4),
            ("/export/payments.ndjson?method=card", 0),
            (&format!("/export/payments.ndjson?clientId={}", world.a1.id), 2),
            ("/export/invoices.ndjson?status=draft", 2),
            ("/export/invoices.ndjson?status=overdue&from=2026-01-01&to=2026-01-31", 2),
            ("/export/activity.ndjson?topic=settings", 1),
        ] {
            let page = export(&mut program, path).await;
            assert_eq!((page.status, lines(&page).len()), (200, count), "{path}: {}", page.body);
        }
    }

    /// A program gets the papers that the pages give, of its own org's invoices and as far as its token reaches.
    async fn a_program_gets_the_papers(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        let mut invoices_only = Program::of(&app, &owner, &["INVOICES_READ"]).await;
        let mut payments_only = Program::of(&app, &owner, &["PAYMENTS_READ"]).await;
        let mut theirs = Program::of_owner(&app, "birch", &EVERYTHING).await;
        let invoice = format!("invoices/{}/pdf", world.a1.partial);
        let receipt = format!("invoices/{}/payments/{}/pdf", world.a1.partial, world.a1.payment);
        for paper in [&invoice, &receipt] {
            let page = export(&mut program, &format!("/export/{paper}")).await;
            assert_eq!((page.status, page.header("content-type")), (200, "application/pdf"), "{}", page.body);
            assert_eq!(page.body, owner.get(&format!("/app/{paper}")).await.body, "the same paper: {paper}");
            assert!(page.header("ratelimit").contains("r="));
            let page = export(&mut theirs, &format!("/export/{paper}")).await;
            assert_eq!(page.status, 404, "{}", page.body);
            let unknown = paper.replace(&world.a1.partial.to_string(), &Uuid::from_u128(9).to_string());
            let none = export(&mut theirs, &format!("/export/{unknown}")).await;
            let without_id = |body: &str| { let mut body: Value = serde_json::from_str(body).unwrap(); body["errors"][0]["extensions"]["requestId"].take(); body };
            assert_eq!((none.status, without_id(&none.body)), (404, without_id(&page.body)));
            assert_eq!(export(&mut payments_only, &format!("/export/{paper}")).await.status, 403);
        }
        assert_eq!(export(&mut invoices_only, &format!("/export/{invoice}")).await.status, 200);
        assert_eq!(export(&mut invoices_only, &format!("/export/{receipt}")).await.status, 403);
    }

    /// What a program may not ask the schema for is not on its paper: neither the link, nor the payments one by one. What is paid
    /// in all stands in its lists as well (I4, G1).
    async fn a_paper_tells_a_program_no_more_than_its_fields_do(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let id = world.a1.partial;
        assert_eq!(owner.post(&format!("/app/invoices/{id}/link"), &[]).await.status, 303);
        let whole = owner.get(&format!("/app/invoices/{id}/pdf")).await.bytes;
        for (scopes, has_link, has_payments) in [
            (&["INVOICES_READ"][..], false, false),
            (&["INVOICES_READ", "PAYMENTS_WRITE", "CLIENTS_WRITE", "SETTINGS_WRITE"], false, true),
            (&["INVOICES_WRITE", "CLIENTS_READ"], true, false),
            (&["INVOICES_WRITE", "PAYMENTS_READ"], true, true),
        ] {
            let mut program = Program::of(&app, &owner, scopes).await;
            for (field, is_told) in [("shareUrl", has_link), ("payments { reference }", has_payments)] {
                let answer = program.graphql(&format!("{{ team {{ invoice(id: \"{id}\") {{ {field} }} }} }}")).await;
                assert_eq!(code(&answer), if is_told { "none" } else { "FORBIDDEN" }, "{scopes:?}: {answer}");
            }
            let paper = export(&mut program, &format!("/export/invoices/{id}/pdf")).await;
            assert_eq!((paper.status, paper.bytes == whole), (200, has_link && has_payments), "{scopes:?}");
            let text = text_of(&paper.bytes);
            let told = ["/i/", "this invoice online", "CANARY-a1 payment"].map(|words| text.contains(words));
            assert_eq!(told, [has_link, has_link, has_payments], "{scopes:?}: {text}");
            for words in ["Invoice CANARY-a1-2", "€59.50", "€20.00", "€39.50", "Transfer to alder"] {
                assert!(text.contains(words), "{scopes:?}: {words}: {text}");
            }
        }
    }

    /// What one may not see is in no file; what there is no file of is told.
    async fn a_file_takes_the_scope_of_its_list(app: TestApp) {
        World::fill(&app).await;
        let owner = app.member("owner@alder.test").await;
        let mut reader = Program::of(&app, &owner, &["PAYMENTS_READ"]).await;
        assert_eq!(export(&mut reader, "/export/payments.csv").await.status, 200);
        for path in ["/export/invoices.csv", "/export/activity.ndjson"] {
            let page = export(&mut reader, path).await;
            assert_eq!((page.status, code(&serde_json::from_str(&page.body).unwrap())), (403, "FORBIDDEN"), "{path}");
        }
        for (path, status) in [("/export/clients.csv", 404), ("/export/payments.xls", 404), ("/export/payments.csv?status=open", 400), ("/export/payments.csv?nonsense=1", 400), ("/export/payments.csv?from=yesterday", 400), ("/export/payments.csv?method=gold", 400)] {
            assert_eq!(export(&mut reader, path).await.status, status, "{path}");
        }
        let mut held = Program::with_input(&app, &owner, "scopes: [PAYMENTS_READ], documentsOnly: true").await;
        assert_eq!(export(&mut held, "/export/payments.csv").await.status, 403);
        assert_eq!(app.browser().get("/export/payments.csv").await.status, 401);
        let mut member = app.member("owner@birch.test").await;
        assert_eq!(member.get("/export/payments.csv").await.status, 401, "no cookie is read there");
        assert_eq!(member.get("/app/export/payments.csv").await.status, 200);
        assert_eq!(app.browser().get("/app/export/payments.csv").await.status, 303);
    }

    /// What begins like a formula is none in a spreadsheet.
    async fn a_name_is_no_formula(app: TestApp) {
        World::fill(&app).await;
        app.database.execute("UPDATE invoices SET title = '=1+1' WHERE status = 'draft'").await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        assert!(export(&mut program, "/export/invoices.csv").await.body.contains(",'=1+1,"));
        assert!(export(&mut program, "/export/invoices.ndjson").await.body.contains("\"=1+1\""));
    }

    /// A batch answers row by row, keeps what is right, and makes nothing twice when it is sent again.
    async fn a_batch_answers_row_by_row(app: TestApp) {
        World::found_orgs(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        let id = |n: u128| Uuid::from_u128(0x0190_0000_0000_7000_b000_0000_0000_0000 + n).to_string();
        let clients = json!([
            { "id": id(1), "client": { "name": "Ada", "currency": "EUR" }, "contacts": [{ "name": "A", "email": "a@ada.test" }, { "name": "B", "email": "nonsense" }] },
            { "id": id(2), "client": { "name": "", "currency": "EUR" } },
            { "id": "x", "client": { "name": "Bob", "currency": "EUR" } },
        ]);
        let add = "mutation C($rows: [TeamNewClientInput!]!) { rows: teamAddClients(rows: $rows) { id problems { field code } } }";
        let sent = json!({ "query": add, "variables": { "rows": clients } });
        let first: Value = serde_json::from_str(&program.send(&sent).await.body).unwrap();
        assert_eq!(first["data"]["rows"], json!([
            { "id": id(1), "problems": [{ "field": "contacts.1.email", "code": "MALFORMED_ADDRESS" }] },
            { "id": null, "problems": [{ "field": "name", "code": "REQUIRED" }] },
            { "id": null, "problems": [{ "field": "id", "code": "UNREADABLE" }] },
        ]), "{first}");
        program.send(&sent).await;
        assert_eq!(app.database.number("SELECT COUNT(*) FROM clients").await, 1);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM contacts").await, 1);

        let line = json!({ "description": "Work", "quantity": "2", "unitPrice": "50" });
        let drafts = json!([
            { "id": id(11), "clientId": id(1), "draft": { "title": "March", "lines": [line] } },
            { "id": id(12), "clientId": id(1), "draft": { "title": "Empty" } },
            { "id": id(13), "clientId": id(9), "draft": { "title": "Nobody" } },
        ]);
        let add = "mutation D($rows: [TeamNewDraftInput!]!) { rows: teamAddDrafts(rows: $rows) { id version problems { field code } } }";
        let sent = json!({ "query": add, "variables": { "rows": drafts } });
        let first: Value = serde_json::from_str(&program.send(&sent).await.body).unwrap();
        assert_eq!(first["data"]["rows"][0], json!({ "id": id(11), "version": 2, "problems": [] }), "{first}");
        assert_eq!((&first["data"]["rows"][1]["id"], &first["data"]["rows"][1]["problems"][0]["code"]), (&json!(id(12)), &json!("NO_LINES")), "{first}");
        assert_eq!(first["data"]["rows"][2], json!({ "id": null, "version": null, "problems": [{ "field": "id", "code": "NOT_THERE" }] }), "{first}");
        let again: Value = serde_json::from_str(&program.send(&sent).await.body).unwrap();
        assert_eq!(again["data"]["rows"][0], json!({ "id": id(11), "version": 2, "problems": [] }), "{again}");
        assert_eq!(app.database.number("SELECT COUNT(*) FROM invoices").await, 2);

        let document = format!("mutation {{ teamSendInvoice(id: \"{}\", version: 2, input: {{ contactIds: [] }}) {{ id }} }}", id(11));
        assert_eq!(program.graphql(&document).await["data"]["teamSendInvoice"]["id"], id(11));
        let payment = |n, amount: &str| json!({ "invoiceId": id(11), "payment": { "id": id(n), "amount": amount, "method": "CASH", "receivedOn": "2026-03-01" } });
        let add = "mutation P($rows: [TeamNewPaymentInput!]!) { rows: teamRecordPayments(rows: $rows) { id problems { code } } }";
        let sent = json!({ "query": add, "variables": { "rows": [payment(21, "40"), payment(22, "70"), payment(23, "60"), payment(21, "40")] } });
        for _ in 0..2 {
            let answer: Value = serde_json::from_str(&program.send(&sent).await.body).unwrap();
            let ids: Vec<&Value> = answer["data"]["rows"].as_array().unwrap().iter().map(|row| &row["id"]).collect();
            assert_eq!(ids, [&json!(id(21)), &Value::Null, &json!(id(23)), &json!(id(21))], "{answer}");
        }
        assert_eq!(app.database.number("SELECT MAX(paid_minor) FROM invoices").await, 10_000);
        let many = json!({ "query": add, "variables": { "rows": vec![payment(24, "1"); 101] } });
        let answer: Value = serde_json::from_str(&program.send(&many).await.body).unwrap();
        assert_eq!((code(&answer), &answer["errors"][0]["extensions"]["field"]), ("INVALID", &json!("rows")), "{answer}");
    }
}
