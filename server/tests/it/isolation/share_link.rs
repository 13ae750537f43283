//! A share link leads to one invoice (rule V1), whoever follows it.

use super::{
    CHANGED, TEAM_LISTS, about_to_pay, assert_nothing_of,
    documents::{EVERYTHING, GUEST, invoice_document},
    team_mutations,
};
use crate::{harness::both_databases, world::Client};

both_databases! {
    /// A share link shows its one invoice and no id of anything else, whoever else is signed in (V1).
    async fn a_share_link_shows_one_invoice_and_nothing_else(app: TestApp) {
        let mut app = app;
        let world = about_to_pay(&mut app).await;
        for own in world.clients() {
            let others: Vec<&Client> = world.others(own).collect();
            let page = app.browser().get(&own.share_path()).await;
            assert!(page.status == 200 && page.body.contains(&own.canary()), "{}", page.body);
            let live = app.browser().get(&format!("{}/live", own.share_path())).await;
            assert!(live.status == 200 && live.body.contains(CHANGED), "{}", live.body);
            let pay = app.browser().post(&format!("{}/pay", own.share_path()), &[]).await;
            assert!(pay.header("location").ends_with(&own.canary()), "{:?}", pay.headers);
            let back = app.browser().get(&format!("/pay/{}", own.checkout)).await;
            assert!(back.status == 200 && !back.whole().contains("CANARY"), "{}", back.body);
            for page in [&page, &live, &pay, &back] {
                assert_nothing_of(&others, page, &own.share_path());
                for id in [own.overdue, own.partial, own.paid, own.void, own.draft, own.id, own.contact, own.payment] {
                    assert!(!page.whole().contains(&id.to_string()), "{id}");
                }
                assert!(!page.body.contains("/portal") && !page.body.contains("/app"), "{}", page.body);
            }
            let answer = app.guest_graphql(own, GUEST).await;
            assert_eq!(answer["data"]["guest"]["invoice"]["id"], own.open.to_string(), "{answer}");
            for document in [EVERYTHING.to_owned(), invoice_document(own.overdue), TEAM_LISTS.to_owned()].iter().chain(&team_mutations(own)) {
                let answer = app.guest_graphql(own, document).await;
                assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{document}: {answer}");
            }
        }
        let contact = app.signed_in("a1@clients.test").await.graphql(GUEST).await;
        assert_eq!(contact["errors"][0]["extensions"]["code"], "FORBIDDEN", "{contact}");
        let member = app.team_graphql(&app.member("owner@alder.test").await, GUEST).await;
        assert_eq!(member["errors"][0]["extensions"]["code"], "FORBIDDEN", "{member}");
    }
}
