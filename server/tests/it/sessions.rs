//! Sessions (rules S1 to S5, S4a).

use axum::{body::Body, http::Method};
use chrono::TimeDelta;
use http_body_util::BodyExt as _;

use crate::{harness::both_databases, world::World};

const COOKIE: &str = "__Host-postern_portal";

both_databases! {
    /// Signing out ends the session for whoever holds a copy of the cookie (S2).
    async fn a_copied_cookie_is_dead_after_signing_out(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        let mut copy = browser.clone();
        let answer = browser.post("/portal/sign-out", &[]).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/portal/signed-out"));
        assert!(!browser.cookies.contains_key(COOKIE));
        assert_eq!(copy.get("/portal").await.header("location"), "/portal/login");
        assert_eq!(copy.graphql("{ portal { sessions { id } } }").await["errors"][0]["extensions"]["code"], "SIGNED_OUT");
    }

    /// A page that is open hears no more of its invoice once its session, or its link, has ended (S2, V1).
    async fn what_is_open_hears_nothing_once_its_session_has_ended(app: TestApp) {
        let world = World::fill(&app).await;
        let invoice = world.a1.open;
        let mut contact = app.signed_in("a1@clients.test").await;
        let mut owner = app.member("owner@alder.test").await;
        let portal = format!("/portal/invoices/{invoice}/live?tag=earlier");
        let link = format!("{}/live?tag=earlier", world.a1.share_path());
        let desk = format!("/app/invoices/{invoice}/live?tag=earlier");
        let heard = async |body: Body| String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        for (browser, path) in [
            (&mut contact, portal.as_str()), (&mut app.browser(), &link), (&mut owner, &desk),
        ] {
            assert!(heard(browser.listen(path).await).await.contains("changed"), "{path}");
        }
        let bodies = [
            contact.listen(&portal).await, contact.listen("/portal/live?tag=earlier").await,
            app.browser().listen(&link).await, owner.listen(&desk).await,
        ];
        assert_eq!(contact.post("/portal/sign-out", &[]).await.status, 303);
        assert_eq!(owner.post(&format!("/app/invoices/{invoice}/link"), &[]).await.status, 303);
        assert_eq!(owner.post("/app/sign-out", &[]).await.status, 303);
        for body in bodies {
            assert_eq!(heard(body).await, "");
        }
    }

    /// A session ends by itself after seven days (S3).
    async fn a_session_lives_for_seven_days(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        app.clock.advance(TimeDelta::days(7) - TimeDelta::seconds(1));
        assert_eq!(browser.get("/portal").await.status, 200);
        app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(browser.get("/portal").await.status, 303);
    }

    /// Access that is switched off stops new links and lets sessions run out (S4).
    async fn access_off_stops_new_links_only(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        app.database.execute("UPDATE contacts SET portal_access = FALSE WHERE email_norm = 'a1@clients.test'").await;
        assert_eq!(browser.get("/portal").await.status, 200);
        let before = app.smtp.mails().len();
        app.browser().post("/portal/login", &[("email", "a1@clients.test")]).await;
        app.work().await;
        assert_eq!(app.smtp.mails().len(), before);
    }

    /// A contact sees its sessions and ends them, one or all (S4a).
    async fn a_contact_ends_its_other_sessions(app: TestApp) {
        World::fill(&app).await;
        let mut first = app.signed_in("a1@clients.test").await;
        let mut second = app.signed_in("a1@clients.test").await;
        let mut stranger = app.signed_in("a2@clients.test").await;
        let sessions = second.graphql("{ portal { sessions { id current } } }").await;
        let list = sessions["data"]["portal"]["sessions"].as_array().unwrap().clone();
        assert_eq!(list.len(), 2);
        let other = list.iter().find(|session| session["current"] == false).unwrap()["id"].as_str().unwrap();
        assert_eq!(stranger.post("/portal/sessions/end", &[("session", other)]).await.header("location"), "/portal/access");
        assert_eq!(first.get("/portal").await.status, 200, "a stranger ends nobody's session");
        assert_eq!(second.post("/portal/sessions/end", &[("session", other)]).await.header("location"), "/portal/access");
        assert_eq!(first.get("/portal").await.status, 303);
        assert_eq!(second.get("/portal").await.status, 200);
        let third = app.signed_in("a1@clients.test").await;
        assert_eq!(second.post("/portal/sign-out-everywhere", &[]).await.status, 303);
        for mut browser in [second, third] {
            assert_eq!(browser.get("/portal").await.status, 303);
        }
        assert_eq!(stranger.get("/portal").await.status, 200);
    }

    /// What was ended is told, and in the log once, by whether it was one's own; where nothing was, there is no row (A1).
    async fn each_end_of_a_session_is_in_the_log_once(app: TestApp) {
        World::fill(&app).await;
        let log = async || {
            let rows = "SELECT kind || ' ' || detail FROM activity WHERE kind LIKE 'portal.s%' AND kind <> 'portal.signed_in' ORDER BY id";
            app.database.texts(rows).await
        };
        let ids = "{ portal { sessions { id current } } }";
        app.signed_in("a1@clients.test").await;
        let mut browser = app.signed_in("a1@clients.test").await;
        let sessions = browser.graphql(ids).await["data"]["portal"]["sessions"].as_array().unwrap().clone();
        let id = |current: bool| sessions.iter().find(|one| one["current"] == current).unwrap()["id"].as_str().unwrap();
        let end_other = format!("mutation {{ portalEndSession(id: \"{}\") }}", id(false));
        let end_others = "mutation { portalEndSessions(keepCurrent: true) }";

        assert_eq!(browser.graphql(&end_other).await["data"]["portalEndSession"], true);
        assert_eq!(log().await, ["portal.session_ended "]);
        assert_eq!(browser.graphql(&end_other).await["data"]["portalEndSession"], false, "it is ended");
        assert_eq!(browser.graphql(end_others).await["data"]["portalEndSessions"], 0, "there is no other one");
        assert_eq!(log().await.len(), 1);

        app.signed_in("a1@clients.test").await;
        app.signed_in("a1@clients.test").await;
        assert_eq!(browser.graphql(end_others).await["data"]["portalEndSessions"], 2);
        assert_eq!(log().await[1..], ["portal.session_ended everywhere"]);
        let end_own = format!("mutation {{ portalEndSession(id: \"{}\") }}", id(true));
        assert_eq!(browser.graphql(&end_own).await["data"]["portalEndSession"], true);
        assert_eq!(log().await[2..], ["portal.signed_out "]);

        let mut browser = app.signed_in("a1@clients.test").await;
        let everywhere = "mutation { portalEndSessions(keepCurrent: false) }";
        assert_eq!(browser.graphql(everywhere).await["data"]["portalEndSessions"], 1);
        assert_eq!(log().await[3..], ["portal.signed_out everywhere"]);
    }

    /// A rotated secret goes on verifying; a forged or foreign cookie is nobody's (S3).
    async fn a_secret_can_be_rotated(app: TestApp) {
        World::fill(&app).await;
        let mut app = app;
        let browser = app.signed_in("a1@clients.test").await;
        let cookies = browser.cookies.clone();
        app.restart_with(&[(
            "PORTAL_SESSION_SECRET",
            "another-secret-another-secret-another,portal-secret-portal-secret-portal",
        )])
        .await;
        let mut browser = app.browser();
        browser.cookies = cookies.clone();
        assert_eq!(browser.get("/portal").await.status, 200);
        app.restart_with(&[("PORTAL_SESSION_SECRET", "another-secret-another-secret-another")]).await;
        let mut browser = app.browser();
        browser.cookies = cookies;
        assert_eq!(browser.get("/portal").await.status, 303);
    }

    /// Forged, cut, swapped: nobody.
    async fn a_forged_cookie_is_nobodys(app: TestApp) {
        World::fill(&app).await;
        let one = app.signed_in("a1@clients.test").await.cookies[COOKIE].clone();
        let two = app.signed_in("b1@clients.test").await.cookies[COOKIE].clone();
        let (one_token, one_mac) = one.split_once('.').unwrap();
        let two_mac = two.split_once('.').unwrap().1;
        let mut pending = app.browser();
        pending.get("/portal/login").await;
        let pending = pending.cookies["__Host-postern_pending"].clone();
        for forged in [
            String::new(), "x".to_owned(), ".".to_owned(), one_token.to_owned(), format!("{one_token}.{two_mac}"),
            format!("{one_token}.{}", &one_mac[..one_mac.len() - 1]), format!("{one}.{one}"), "x".repeat(8_000), pending,
        ] {
            let mut browser = app.browser();
            browser.cookies.insert(COOKIE.to_owned(), forged);
            assert_eq!(browser.get("/portal").await.header("location"), "/portal/login");
        }
    }

    /// The portal never sees a team cookie, and a team cookie opens nothing in the portal (S1).
    async fn a_session_of_one_side_is_nothing_on_the_other(app: TestApp) {
        World::fill(&app).await;
        let portal = app.signed_in("a1@clients.test").await.cookies[COOKIE].clone();
        let mut browser = app.browser();
        browser.cookies.insert("__Host-postern_team".to_owned(), portal);
        assert_eq!(browser.get("/portal").await.header("location"), "/portal/login");
        let mut plain = app.browser();
        plain.cookies.insert("postern_portal".to_owned(), "x.y".to_owned());
        assert_eq!(plain.get("/portal").await.header("location"), "/portal/login");
    }

    /// A session id is fresh after each login, and the session that this browser had is over, by a link or by a
    /// code, of the same contact or of another. Those of other browsers go on.
    async fn a_session_is_fresh_after_the_login(app: TestApp) {
        World::fill(&app).await;
        let mut elsewhere = app.signed_in("a1@clients.test").await;
        let mut browser = app.signed_in("a1@clients.test").await;
        for (email, by_code) in [("a1@clients.test", false), ("a1@clients.test", true), ("b1@clients.test", false)] {
            let mut before = browser.clone();
            let mail = app.ask(&mut browser, email).await;
            assert_eq!(before.get("/portal").await.status, 200, "asking ends nothing");
            let entered = if by_code { browser.post("/portal/login/code", &[("code", &mail.code())]).await } else { browser.post(&mail.links()[0], &[]).await };
            assert_eq!(entered.status, 303, "{}", entered.body);
            assert_ne!(browser.cookies[COOKIE], before.cookies[COOKIE]);
            assert_eq!(before.get("/portal").await.status, 303, "{email} by_code: {by_code}");
            assert_eq!(browser.get("/portal").await.status, 200);
        }
        assert_eq!(elsewhere.get("/portal").await.status, 200);
        let signed_out = app.database.texts("SELECT actor_name FROM activity WHERE kind = 'portal.signed_out'").await;
        assert_eq!(signed_out, ["CANARY-a1 contact"; 3]);
    }

    /// A write from elsewhere is refused, whatever cookie it brings (S5).
    async fn a_write_from_elsewhere_changes_nothing(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        let mail = app.ask(&mut app.browser(), "b1@clients.test").await;
        let link = mail.links()[0].clone();
        let headers: [&[(&str, &str)]; 6] = [
            &[("origin", "https://evil.test"), ("sec-fetch-site", "cross-site")],
            &[("origin", "null")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "https://evil.test"), ("sec-fetch-site", "same-origin")],
            &[],
        ];
        for path in [
            "/portal/sign-out", "/portal/sign-out-everywhere", "/portal/sessions/end", "/portal/login",
            "/portal/login/code", "/portal/alder/login", "/portal/alder/login/code", "/portal/graphql", link.as_str(),
        ] {
            for headers in headers {
                let answer = browser.request(Method::POST, path, headers, Body::empty()).await;
                assert_eq!(answer.status, 403, "{path} {headers:?}");
            }
        }
        assert_eq!(browser.get("/portal").await.status, 200, "the session is as it was");
        assert_eq!(app.browser().post(&link, &[]).await.status, 303, "the link was not consumed");
    }

    /// Programs that are no browser may post: they have no cookie to be abused.
    async fn a_program_without_cookies_may_ask_for_a_link(app: TestApp) {
        World::fill(&app).await;
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let body = Body::from("email=a1%40clients.test");
        let answer = app.browser().request(Method::POST, "/portal/login", &headers, body).await;
        assert_eq!(answer.status, 303);
    }
}
