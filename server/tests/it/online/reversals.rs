//! Money that goes back: refunds, disputes, and what comes of them later (rules M3, M5).

use chrono::TimeDelta;

use crate::{
    online::{CARD, in_both_shops, session_of},
    world::OUTSTANDING,
};

in_both_shops! {
    /// A refund, all or in part, and a dispute that is lost or won, come back from Stripe (M5).
    async fn refunds_and_disputes_come_back(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let path = format!("/portal/invoices/{}", shop.world.a1.overdue);
        let session = shop.press(&mut contact, &path).await;
        let intent = shop.stripe.pay(&session, CARD).unwrap();
        shop.deliver().await;
        shop.stripe.refund(&intent, Some(3_800)).unwrap();
        shop.deliver().await;
        assert_eq!(shop.stands(shop.world.a1.overdue).await, "open 20000");
        assert!(contact.get(&path).await.body.contains("Refund, returned to you"));
        let refund = shop.stripe.refund(&intent, Some(20_000)).unwrap();
        shop.deliver().await;
        assert_eq!(shop.stands(shop.world.a1.overdue).await, "open 0");
        shop.stripe.fail_refund(&refund).unwrap();
        shop.deliver().await;
        assert_eq!(shop.stands(shop.world.a1.overdue).await, "open 20000", "it did not go through");
        let dispute = shop.stripe.open_dispute(&intent).unwrap();
        shop.deliver().await;
        assert_eq!(shop.stands(shop.world.a1.overdue).await, "open 0", "what is left of it was taken back");
        shop.stripe.close_dispute(&dispute, true).unwrap();
        shop.deliver().await;
        assert_eq!(shop.stands(shop.world.a1.overdue).await, "open 20000");
        assert!(contact.get(&path).await.body.contains("Returned by your bank"));
    }

    /// Of several invoices that were paid at once, each refund stays with the invoice that it was taken from, whatever becomes
    /// of the others weeks later (M3, M5).
    async fn a_refund_that_fails_later_moves_no_other(shop: Shop) {
        let mut contact = shop.app.signed_in("a1@clients.test").await;
        let session = session_of(&contact.post("/portal/pay", &[("currency", "EUR")]).await);
        let intent = shop.stripe.pay(&session, CARD).unwrap();
        shop.deliver().await;
        let all = [shop.world.a1.open, shop.world.a1.overdue, shop.world.a1.partial];
        let paid = async || {
            let mut sum = 0;
            for invoice in all {
                sum += shop.stands(invoice).await.rsplit(' ').next().unwrap().parse::<i64>().unwrap();
            }
            // 2,000 had been paid by hand.
            sum - 2_000
        };
        assert_eq!(paid().await, OUTSTANDING);
        let first = shop.stripe.refund(&intent, Some(10_000)).unwrap();
        shop.stripe.refund(&intent, Some(12_000)).unwrap();
        shop.deliver().await;
        assert_eq!(paid().await, OUTSTANDING - 22_000);
        shop.app.clock.advance(TimeDelta::days(20));
        shop.stripe.fail_refund(&first).unwrap();
        shop.deliver().await;
        assert_eq!(paid().await, OUTSTANDING - 12_000, "one of them came back, and nothing else moved");
        let dispute = shop.stripe.open_dispute(&intent).unwrap();
        shop.deliver().await;
        assert_eq!(paid().await, 0);
        shop.stripe.close_dispute(&dispute, true).unwrap();
        shop.deliver().await;
        assert_eq!(paid().await, OUTSTANDING - 12_000);
    }
}
