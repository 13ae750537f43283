//! The code in the mail (rule L5a): in the browser that asked, five tries, once.

use super::{post_at_once, share_an_address};
use crate::{
    harness::{Browser, both_databases},
    world::World,
};

both_databases! {
    /// The code is for the browser that asked (L5a).
    async fn the_code_works_only_in_the_browser_that_asked(app: TestApp) {
        World::fill(&app).await;
        let mut asked = app.browser();
        let code = app.ask(&mut asked, "a1@clients.test").await.code();
        let mut other = app.browser();
        other.get("/portal/login").await;
        assert_eq!(other.post("/portal/login/code", &[("code", &code)]).await.status, 422);
        assert_eq!(app.browser().post("/portal/login/code", &[("code", &code)]).await.status, 422);
        let entered = asked.post("/portal/login/code", &[("code", &code.to_lowercase())]).await;
        assert_eq!((entered.status, entered.header("location")), (303, "/portal"));
        assert_eq!(asked.get("/portal").await.status, 200);
    }

    /// A code may be tried five times, however many links were asked for (L5a).
    async fn a_code_is_dead_after_five_tries(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.browser();
        let code = app.ask(&mut browser, "a1@clients.test").await.code();
        let wrong = if code == "0000-0000" { "0000-0001" } else { "0000-0000" };
        for _ in 0..5 {
            assert_eq!(browser.post("/portal/login/code", &[("code", wrong)]).await.status, 422);
        }
        assert_eq!(browser.post("/portal/login/code", &[("code", &code)]).await.status, 422);
        // The tries were the code's; the link in the mail is as good as before.
        assert_eq!(app.database.number("SELECT COUNT(*) FROM magic_links WHERE used_at IS NULL").await, 1);
    }

    /// A code works once.
    async fn a_code_works_once(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.browser();
        let code = app.ask(&mut browser, "a1@clients.test").await.code();
        let mut copy: Browser = browser.clone();
        assert_eq!(browser.post("/portal/login/code", &[("code", &code)]).await.status, 303);
        assert_eq!(copy.post("/portal/login/code", &[("code", &code)]).await.status, 422);
    }

    /// So does one of those that race: the try is what counts, not what the code leads to.
    async fn of_five_tries_at_once_one_is_taken(app: TestApp) {
        World::fill(&app).await;
        share_an_address(&app).await;
        let mut browser = app.browser();
        let code = app.ask(&mut browser, "shared@clients.test").await.code();
        let same = (0..5).map(|_| browser.clone());
        let statuses = post_at_once(same, "/portal/login/code", &[("code", &code)]).await;
        assert_eq!(statuses, [200, 422, 422, 422, 422]);
    }
}
