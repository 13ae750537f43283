//! Two tabs, two contacts and a share link pay at once (rule M4).

use tokio::task::JoinSet;

use crate::{
    harness::Browser,
    online::{CARD, in_both_shops, session_of},
};

/// As many as the issue of paying twice deserves.
const ROUNDS: usize = 100;

async fn press_at_once(browsers: &[(Browser, String)]) -> Vec<String> {
    let mut presses = JoinSet::new();
    for (browser, path) in browsers {
        let (mut browser, path) = (browser.clone(), path.clone());
        presses.spawn(async move { browser.post(&format!("{path}/pay"), &[]).await });
    }
    let mut sessions = vec![];
    while let Some(answer) = presses.join_next().await {
        let answer = answer.unwrap();
        if answer.header("location").contains("/pay/cs_") || answer.header("location").contains("cs_") {
            sessions.push(session_of(&answer));
        } else {
            assert!(
                answer.header("location").contains("?pay="),
                "{} {}",
                answer.status,
                answer.header("location")
            );
        }
    }
    sessions
}

in_both_shops! {
    /// However many press at once, there is one page on which it can be paid, and all are led to it.
    async fn there_is_one_page_to_pay_on(shop: Shop) {
        let second = shop.app.database.uuid(shop.world.a1.contact);
        shop.app.database.execute(&format!(
            "INSERT INTO contacts (org_id, client_id, id, name, email, email_norm, portal_access, created_at) \
             SELECT org_id, client_id, {}, 'Second contact', 'second@clients.test', 'second@clients.test', portal_access, created_at FROM contacts WHERE id = {second}",
            shop.app.database.uuid(uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_5ec0)))).await;
        let one = shop.app.signed_in("a1@clients.test").await;
        let two = shop.app.signed_in("second@clients.test").await;
        let mut owner = shop.app.member("owner@alder.test").await;
        for round in 0..ROUNDS {
            let invoice = shop.another_invoice().await;
            assert_eq!(owner.post(&format!("/app/invoices/{invoice}/link"), &[]).await.status, 303);
            let desk = owner.get(&format!("/app/invoices/{invoice}")).await.body;
            let at = desk.find("https://pay.example.test/i/").unwrap() + "https://pay.example.test".len();
            let link = desk[at..].split('"').next().unwrap().to_owned();
            let path = format!("/portal/invoices/{invoice}");
            let browsers = [
                (one.clone(), path.clone()), (one.clone(), path.clone()), (two.clone(), path.clone()), (two.clone(), path.clone()),
                (shop.app.browser(), link.clone()), (shop.app.browser(), link),
            ];
            let mut sessions = press_at_once(&browsers).await;
            assert!(!sessions.is_empty(), "round {round}: somebody gets through");
            sessions.sort();
            sessions.dedup();
            assert_eq!(sessions.len(), 1, "round {round}");
            let payable = shop.stripe.payable_sessions(&shop.account);
            assert_eq!(payable.iter().map(|session| &session.id).collect::<Vec<_>>(), [&sessions[0]], "round {round}");
            shop.stripe.pay(&sessions[0], CARD).unwrap();
            shop.deliver().await;
            assert_eq!(shop.stands(invoice).await, "paid 11900", "round {round}");
        }
        assert_eq!(shop.app.database.number("SELECT COUNT(*) FROM payments WHERE flag IS NOT NULL").await, 0);
    }
}
