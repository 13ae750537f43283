//! Logins that somebody else has prepared: a session that was planted, and a link of the attacker's own in the victim's
//! browser (rules L5, S1, S5).

use axum::{body::Body, http::Method};

use crate::{
    harness::{Browser, PUBLIC_URL, Page, TestApp, both_databases, proof},
    world::{PASSWORD, World},
};

const PORTAL: &str = "__Host-postern_portal";
const TEAM: &str = "__Host-postern_team";
const PENDING: &str = "__Host-postern_pending";
const DEVICE: &str = "__Host-postern_device";

/// Where a browser may say that a form came from, other than from a page of ours.
const ELSEWHERE: [&[(&str, &str)]; 8] = [
    &[("origin", "https://evil.test"), ("sec-fetch-site", "cross-site")],
    &[("origin", "https://evil.example.test"), ("sec-fetch-site", "same-site")],
    &[("origin", "http://pay.example.test"), ("sec-fetch-site", "cross-site")],
    &[("origin", "https://pay.example.test:8443"), ("sec-fetch-site", "same-site")],
    &[("origin", "null"), ("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "none")],
    &[("origin", "https://evil.test"), ("sec-fetch-site", "same-origin")],
];

async fn post_from(browser: &mut Browser, path: &str, site: &[(&str, &str)], form: &str) -> Page {
    let headers = [site, &[("content-type", "application/x-www-form-urlencoded")]].concat();
    browser.request(Method::POST, path, &headers, Body::from(form.to_owned())).await
}

/// What is in the victim's browser before the victim has done anything.
fn planted(browser: &mut Browser, attacker: &Browser) {
    for name in [PORTAL, TEAM, PENDING, DEVICE] {
        if let Some(value) = attacker.cookies.get(name) {
            browser.cookies.insert(name.to_owned(), value.clone());
        }
    }
}

/// The sessions that there are, as the database keeps them.
async fn sessions(app: &TestApp, table: &str) -> i64 {
    app.database.number(&format!("SELECT COUNT(*) FROM {table} WHERE ended_at IS NULL")).await
}

both_databases! {
    /// Whatever cookies the attacker plants, with an own session or with a made-up one: after the victim's login none of
    /// them is the victim's session, on either side.
    async fn a_planted_session_is_worth_nothing_after_the_login(app: TestApp) {
        let world = World::fill(&app).await;
        // The attacker is a contact and a member of another org, and has asked for a link as well.
        let mut attacker = app.signed_in("b1@clients.test").await;
        attacker.cookies.extend(app.member("owner@birch.test").await.cookies);
        attacker.get("/portal/login").await;
        let mut made_up = app.browser();
        for name in [PORTAL, TEAM, PENDING, DEVICE] {
            made_up.cookies.insert(name.to_owned(), "planted.planted".to_owned());
        }
        let mut victims = 0;
        for (number, by) in [&attacker, &made_up].into_iter().enumerate() {
            for way in ["link", "code"] {
                let mut victim = app.browser();
                planted(&mut victim, by);
                let mail = app.ask(&mut victim, &world.a1.email()).await;
                if way == "link" {
                    assert_eq!(victim.post(&mail.links()[0], &[]).await.status, 303);
                } else {
                    assert_eq!(victim.post("/portal/login/code", &[("code", &mail.code())]).await.status, 303);
                }
                assert_ne!(victim.cookies[PORTAL], by.cookies[PORTAL], "{way} {number}");
                assert!(!victim.cookies.contains_key(PENDING), "it has done what it was for");
                assert!(victim.get("/portal").await.body.contains(&world.a1.canary()));
                // What was planted has ended, for whoever else has it, too.
                let mut copy = app.browser();
                planted(&mut copy, by);
                let seen = copy.get("/portal").await;
                assert!(!seen.body.contains("CANARY-a1"), "{way} {number}");
                assert_eq!(seen.status, 303, "{way} {number}");
                assert_eq!(copy.post("/portal/login/code", &[("code", &mail.code())]).await.status, 422, "a code that was used");
                victims += 1;
            }
            let mut victim = app.browser();
            planted(&mut victim, by);
            let form = [("email", "owner@alder.test"), ("password", PASSWORD)];
            assert_eq!(victim.post("/app/login", &form).await.status, 303);
            assert_ne!(victim.cookies[TEAM], by.cookies[TEAM]);
            assert_ne!(victim.cookies[DEVICE], by.cookies[DEVICE], "no device of another account is taken over");
            assert!(victim.get("/app/clients").await.body.contains("CANARY-a1"));
            let mut copy = app.browser();
            planted(&mut copy, by);
            assert!(!copy.get("/app/clients").await.body.contains("CANARY-a1"));
            victims += 1;
        }
        // An attacker who has planted the pending cookie has the victim's browser's name, and still needs the mail.
        let mut victim = app.browser();
        planted(&mut victim, &attacker);
        let mail = app.ask(&mut victim, &world.a2.email()).await;
        for guess in ["0000-0000", "AAAA-AAAA", "ZZZZ-ZZZZ"] {
            assert_eq!(attacker.post("/portal/login/code", &[("code", guess)]).await.status, 422);
        }
        assert_eq!(victim.post(&mail.links()[0], &[]).await.status, 303, "the guesses cost the code alone");
        proof(&format!("Planted sessions and cookies ({:?})", app.database.kind), &format!("{victims} logins on both sides, all with a fresh session"));
    }

    /// The attacker's own link, posted in the victim's browser by a page from elsewhere: refused, by whatever a browser
    /// may say of that page, and the victim is who the victim was.
    async fn a_link_of_the_attackers_is_not_posted_from_elsewhere(app: TestApp) {
        let world = World::fill(&app).await;
        let mut attackers = app.browser();
        let mail = app.ask(&mut attackers, &world.b1.email()).await;
        let link = mail.links()[0].clone();
        app.browser().post("/app/forgot", &[("email", "owner@birch.test")]).await;
        app.work().await;
        let reset = app.smtp.newest_to("owner@birch.test").link("/app/reset/");
        let mut victim = app.signed_in(&world.a1.email()).await;
        victim.cookies.extend(app.member("owner@alder.test").await.cookies);
        victim.get("/portal/login").await;
        let (cookies, mut strangers) = (victim.cookies.clone(), app.browser());
        let count = async || (sessions(&app, "portal_sessions").await, sessions(&app, "team_sessions").await);
        let before = count().await;
        let mut refused = 0;
        let sign_in = format!("email=owner%40birch.test&password={}", PASSWORD.replace(' ', "+"));
        let forms = [
            (link.clone(), String::new()),
            ("/portal/login/code".to_owned(), format!("code={}", mail.code())),
            ("/portal/birch/login/code".to_owned(), format!("code={}", mail.code())),
            ("/app/login".to_owned(), sign_in),
            (reset.clone(), "password=another+horse+battery".to_owned()),
            ("/app/switch".to_owned(), "org=birch".to_owned()),
            ("/portal/preview/end".to_owned(), String::new()),
        ];
        for site in ELSEWHERE {
            for (path, form) in &forms {
                for browser in [&mut victim, &mut strangers] {
                    let page = post_from(browser, path, site, form).await;
                    assert_eq!(page.status, 403, "{path} {site:?}");
                    assert!(!page.headers.contains_key("set-cookie"), "{path} {site:?}");
                    refused += 1;
                }
            }
        }
        assert_eq!(count().await, before, "nobody was let in");
        assert_eq!(victim.cookies, cookies);
        assert!(victim.get("/portal").await.body.contains("CANARY-a1"));
        // A link that the victim follows is no form: it shows whose portal it is, with a button, and changes nothing.
        let headers = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")];
        let page = victim.request(Method::GET, &link, &headers, Body::empty()).await;
        assert!(page.status == 200 && page.body.contains("Birch &amp; Sons") && page.body.contains("CANARY-b1 client"), "{}", page.body);
        assert!(!page.body.contains("data-at-once") && !page.headers.contains_key("set-cookie"), "{}", page.body);
        assert!(victim.get("/portal").await.body.contains("CANARY-a1"), "still who they were");
        // The positive control: none of it was used up, and from our own page it leads in.
        let ours = [("origin", PUBLIC_URL), ("sec-fetch-site", "same-origin")];
        assert_eq!(post_from(&mut attackers, &link, &ours, "").await.status, 303);
        assert_eq!(app.browser().get(&reset).await.status, 200);
        proof(&format!("Posts of the attacker's own login from elsewhere ({:?})", app.database.kind), &format!("{refused}, all refused, no session"));
    }
}
