//! Accounts of the team (rule T1): signing up, signing in, a forgotten password, sessions.

mod sign_up;

use chrono::TimeDelta;

use crate::{
    harness::{Browser, Page, TestApp, both_databases},
    predicates,
    world::{PASSWORD, World},
};

const COOKIE: &str = "__Host-postern_team";
const REFUSED: &str = "SELECT COUNT(*) FROM activity WHERE kind = 'team.sign_in_refused'";

async fn sign_up(app: &TestApp, email: &str, org_name: &str) -> Browser {
    let mut browser = app.browser();
    let form = [("name", "Mara Okafor"), ("orgName", org_name), ("email", email), ("password", PASSWORD)];
    let answer = browser.post("/app/sign-up", &form).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/app/sign-up/sent"), "{}", answer.body);
    app.work().await;
    browser
}

/// Finishes a sign-up by the link in its mail.
async fn confirm(browser: &mut Browser, link: &str) -> Page {
    browser.post(link, &[("password", PASSWORD)]).await
}

async fn attempt(browser: &mut Browser, email: &str, password: &str) -> u16 {
    browser.post("/app/login", &[("email", email), ("password", password)]).await.status
}

both_databases! {
    /// The whole way: form, mail, button, in; and the link is dead afterwards.
    async fn somebody_signs_up_and_is_in(app: TestApp) {
        let mut browser = sign_up(&app, "mara@finch.test", "Juniper & Finch").await;
        let link = app.smtp.newest_to("mara@finch.test").link("/app/sign-up/");
        for _ in 0..3 {
            let page = browser.get(&link).await;
            assert!(page.status == 200 && page.body.contains("Juniper &amp; Finch"), "{}", page.body);
        }
        let entered = confirm(&mut browser, &link).await;
        assert_eq!((entered.status, entered.header("location")), (303, "/app"));
        let cookies = entered.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        let cookies: Vec<_> = cookies.filter_map(|cookie| cookie.split_once(';')).collect();
        let of = |name: &str| cookies.iter().find(|(set, _)| set.starts_with(name)).unwrap().1;
        assert_eq!(of("__Host-postern_team="), " Path=/; Max-Age=5184000; HttpOnly; SameSite=Lax; Secure", "60 days");
        assert_eq!(of("__Host-postern_device="), " Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure", "a year");
        assert_eq!(browser.get("/app/clients").await.status, 200);
        assert_eq!(confirm(&mut app.browser(), &link).await.status, 404, "a link works once");
        assert_eq!(app.database.texts("SELECT slug FROM orgs").await, ["juniper-finch"]);
        assert_eq!(app.database.texts("SELECT kind FROM activity ORDER BY id").await, ["team.signed_up", "team.signed_in"]);
    }

    /// The server takes one org, unless its operator says otherwise.
    async fn strangers_make_no_org_unless_the_operator_lets_them(app: TestApp) {
        let mut app = app;
        World::fill(&app).await;
        let form = [("name", "Eve"), ("orgName", "Eve"), ("email", "eve@evil.test"), ("password", PASSWORD)];
        assert_eq!(app.browser().get("/app/sign-up").await.status, 403);
        assert_eq!(app.browser().post("/app/sign-up", &form).await.status, 403);
        app.restart_with(&[("SIGN_UP", "open")]).await;
        assert_eq!(app.browser().post("/app/sign-up", &form).await.status, 303);
        app.restart_with(&[("SIGN_UP", "closed")]).await;
        assert_eq!(app.browser().post("/app/sign-up", &form).await.status, 403);
    }

    /// A link that was asked for while there was no org makes none once there is one.
    async fn the_first_org_closes_the_door_to_links_that_are_under_way(app: TestApp) {
        sign_up(&app, "mara@finch.test", "Finch").await;
        sign_up(&app, "eve@evil.test", "Evil").await;
        let link = |email: &str| app.smtp.newest_to(email).link("/app/sign-up/");
        assert_eq!(confirm(&mut app.browser(), &link("mara@finch.test")).await.status, 303);
        assert_eq!(confirm(&mut app.browser(), &link("eve@evil.test")).await.status, 403);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM orgs").await, 1);
    }

    /// All that is wrong with a form is told at once, beside the fields; what was typed is still there,
    /// but for the password.
    async fn a_wrong_form_comes_back_whole(app: TestApp) {
        let form = [("name", " "), ("orgName", "Büro <b>"), ("email", "nonsense"), ("password", "hunter2hunter")];
        let page = app.browser().post("/app/sign-up", &form).await;
        assert_eq!(page.status, 422);
        for part in ["id=\"name-problem\"", "id=\"email-problem\"", "Büro &lt;b&gt;", "nonsense"] {
            assert!(page.body.contains(part), "{part}: {}", page.body);
        }
        assert!(!page.body.contains("hunter2") && !page.body.contains("id=\"orgName-problem\""));
        app.work().await;
        assert!(app.smtp.mails().is_empty());
    }

    /// Whoever signs up with an address that has an account sees what everybody sees. The mail tells.
    async fn signing_up_twice_tells_nobody_but_the_owner_of_the_address(app: TestApp) {
        let mut app = app;
        app.restart_with(&[("SIGN_UP", "open")]).await;
        let mut first = sign_up(&app, "mara@finch.test", "Finch").await;
        let one = first.get("/app/sign-up/sent").await.whole();
        let link = app.smtp.newest_to("mara@finch.test").link("/app/sign-up/");
        confirm(&mut first, &link).await;
        let mut second = sign_up(&app, "Mara@Finch.test", "Other").await;
        assert_eq!(second.get("/app/sign-up/sent").await.whole(), one);
        let mail = app.smtp.newest_to("mara@finch.test");
        assert!(mail.text.contains("has an account") && !mail.text.contains("/app/sign-up/"), "{}", mail.text);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM orgs").await, 1);
    }

    /// Two who sign up with one address, both with a link: the first to click has the account.
    async fn of_two_sign_ups_with_one_address_one_becomes_an_account(app: TestApp) {
        let mut app = app;
        app.restart_with(&[("SIGN_UP", "open")]).await;
        sign_up(&app, "mara@finch.test", "Finch").await;
        let first = app.smtp.newest_to("mara@finch.test").link("/app/sign-up/");
        sign_up(&app, "mara@finch.test", "Finch").await;
        let second = app.smtp.newest_to("mara@finch.test").link("/app/sign-up/");
        assert_eq!(confirm(&mut app.browser(), &first).await.status, 303);
        assert_eq!(confirm(&mut app.browser(), &second).await.status, 404);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM persons").await, 1);
    }

    /// Orgs of the same name, and of the name of a page of ours, have short names of their own.
    async fn every_org_has_a_short_name_of_its_own(app: TestApp) {
        let mut app = app;
        app.restart_with(&[("SIGN_UP", "open")]).await;
        for (email, org) in [("a@x.test", "Login"), ("b@x.test", "Finch"), ("c@x.test", "finch!"), ("d@x.test", "Finch")] {
            sign_up(&app, email, org).await;
            let link = app.smtp.newest_to(email).link("/app/sign-up/");
            assert_eq!(confirm(&mut app.browser(), &link).await.status, 303);
        }
        let slugs = app.database.texts("SELECT slug FROM orgs ORDER BY slug").await;
        assert_eq!(slugs, ["finch", "finch-2", "finch-3", "login-studio"]);
    }

    /// Address and password lead in, back to the page that was wanted, and nowhere else.
    async fn a_password_leads_in(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.browser();
        assert_eq!(browser.get("/app/clients?q=x").await.header("location"), "/app/login?next=%2Fapp%2Fclients%3Fq%3Dx");
        let form = [("email", "Owner@Alder.test"), ("password", PASSWORD), ("next", "/app/clients?q=x")];
        let entered = browser.post("/app/login", &form).await;
        assert_eq!((entered.status, entered.header("location")), (303, "/app/clients?q=x"));
        assert_eq!(browser.get("/app/clients").await.status, 200);
        for next in ["https://evil.test/", "//evil.test", "/portal", "/app/sign-out", "/app/clients\r\nX: y"] {
            let form = [("email", "owner@alder.test"), ("password", PASSWORD), ("next", next)];
            assert_eq!(app.browser().post("/app/login", &form).await.header("location"), "/app", "{next}");
        }
    }

    /// A wrong password, an unknown address and a malformed one are the same answer (rule T1).
    async fn a_refused_sign_in_tells_nothing(app: TestApp) {
        World::fill(&app).await;
        let answer = async |email: &str| {
            let page = app.browser().post("/app/login", &[("email", email), ("password", "not the password")]).await;
            page.whole().replace(email, "EMAIL")
        };
        let known = answer("owner@alder.test").await;
        assert!(known.starts_with("422") && known.contains("do not fit together"), "{known}");
        // Of the same length, which the page's own length repeats.
        assert_eq!(answer("other@alder.test").await, known);
        assert_eq!(answer("no-address.at.al").await, known);
    }

    /// Whoever is refused has had the same statements run, one after the other, whether the address has an account or not:
    /// time does not tell (rule T1). What is over the limit leaves nothing to be done.
    async fn a_refused_sign_in_runs_the_same_statements_for_everybody(app: TestApp) {
        World::fill(&app).await;
        for number in 1..=12 {
            let heard = async |email: &str| {
                predicates::heard_of(attempt(&mut app.browser(), email, "not the password")).await
            };
            let known = heard("owner@alder.test").await;
            assert_eq!(heard("nobody@alder.test").await, known, "attempt {number}");
            let (statements, status) = known;
            let left = statements.iter().filter(|sql| sql.starts_with("INSERT INTO jobs")).count();
            assert_eq!((status, left), (422, usize::from(number <= 10)), "attempt {number}: {statements:#?}");
        }
        assert_eq!(app.database.number("SELECT COUNT(*) FROM jobs").await, 20);
        app.work().await;
        assert_eq!(app.database.number("SELECT COUNT(*) FROM jobs").await, 0);
        assert_eq!(app.database.number(REFUSED).await, 10, "the known address, ten times");
    }

    /// A wrong password is in the logs of all orgs of whose account it was for: who, when and from where, however late the
    /// worker comes (rule A1). There is nothing of an address without an account.
    async fn a_wrong_password_is_told_in_every_log_it_concerns(app: TestApp) {
        World::fill(&app).await;
        let member = app.database.uuid(uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_7777));
        app.database.execute(&format!(
            "INSERT INTO members (org_id, id, person_id, role, created_at) \
             SELECT o.id, {member}, p.id, 'member', p.created_at FROM orgs o, persons p \
             WHERE o.slug = 'birch' AND p.email_norm = 'owner@alder.test'"
        )).await;
        let owner = app.member("owner@alder.test").await;
        let mut stranger = app.browser();
        stranger.headers.insert("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0".parse().unwrap());
        stranger.headers.insert("x-forwarded-for", "203.0.113.9".parse().unwrap());
        for email in ["Owner@Alder.test", "nobody@alder.test"] {
            assert_eq!(attempt(&mut stranger, email, "not the password").await, 422);
        }
        let when = app.now();
        assert_eq!(app.database.number(REFUSED).await, 0, "nobody has looked whose it is");
        app.clock.advance(TimeDelta::minutes(11));
        app.work().await;
        let rows = app.database.texts(
            "SELECT o.slug || '|' || a.actor_kind || '|' || a.actor_name || '|' || a.detail || '|' || a.browser || '|' || a.ip_short \
             FROM activity a JOIN orgs o ON o.id = a.org_id WHERE a.kind = 'team.sign_in_refused' ORDER BY o.slug"
        ).await;
        let row = |org: &str| format!("{org}|member|Owner of alder||Firefox on Linux|203.0.113.x");
        assert_eq!(rows, [row("alder"), row("birch")]);
        let log = app.team_graphql(&owner, "{ team { activity(first: 1) { nodes { kind at } } } }").await;
        let newest = &log["data"]["team"]["activity"]["nodes"][0];
        assert_eq!(newest["kind"], "team.sign_in_refused", "{log}");
        assert_eq!(newest["at"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap(), when);
    }

    /// Ten attempts in a quarter of an hour, known address or not. A browser that has signed in before
    /// has its own, so a stranger keeps nobody out; and the limit ends by itself.
    async fn a_stranger_locks_out_strangers_alone(app: TestApp) {
        World::fill(&app).await;
        let mut own = app.browser();
        assert_eq!(attempt(&mut own, "owner@alder.test", PASSWORD).await, 303);
        own.post("/app/sign-out", &[]).await;
        for email in ["owner@alder.test", "nobody@alder.test"] {
            for _ in 0..10 {
                attempt(&mut app.browser(), email, "not the password").await;
            }
            let page = app.browser().post("/app/login", &[("email", email), ("password", PASSWORD)]).await;
            assert!(page.status == 422 && page.body.contains("many attempts"), "{email}: {}", page.body);
        }
        assert_eq!(attempt(&mut own, "owner@alder.test", PASSWORD).await, 303, "one's own browser");
        let mut forged = app.browser();
        forged.cookies.insert("__Host-postern_device".to_owned(), "x.y".to_owned());
        assert_eq!(attempt(&mut forged, "owner@alder.test", PASSWORD).await, 422);
        app.clock.advance(TimeDelta::minutes(15));
        assert_eq!(attempt(&mut app.browser(), "owner@alder.test", PASSWORD).await, 303);
    }

    /// The limit is the database's: two nodes share it.
    async fn two_nodes_count_attempts_together(app: TestApp) {
        World::fill(&app).await;
        let second = app.second_node().await;
        for _ in 0..5 {
            attempt(&mut app.browser(), "owner@alder.test", "not the password").await;
            attempt(&mut second.browser(), "owner@alder.test", "not the password").await;
        }
        assert_eq!(attempt(&mut app.browser(), "owner@alder.test", PASSWORD).await, 422);
        assert_eq!(attempt(&mut second.browser(), "owner@alder.test", PASSWORD).await, 422);
    }

    /// A new password by mail: the old one is dead, and so is every session that it has opened.
    async fn a_forgotten_password_is_set_anew(app: TestApp) {
        World::fill(&app).await;
        let mut old = app.browser();
        attempt(&mut old, "owner@alder.test", PASSWORD).await;
        let mut browser = app.browser();
        assert_eq!(browser.post("/app/forgot", &[("email", "owner@alder.test")]).await.header("location"), "/app/forgot/sent");
        app.work().await;
        let link = app.smtp.newest_to("owner@alder.test").link("/app/reset/");
        assert_eq!(browser.get(&link).await.status, 200);
        assert_eq!(browser.post(&link, &[("password", "short")]).await.status, 422, "the link is still good");
        assert_eq!(browser.post(&link, &[("password", "another horse battery")]).await.header("location"), "/app");
        assert_eq!(browser.get("/app/clients").await.status, 200);
        assert_eq!(old.get("/app/clients").await.status, 303, "the old session has ended");
        assert_eq!(app.browser().get(&link).await.status, 404);
        assert_eq!(app.browser().post(&link, &[("password", "a third horse battery")]).await.status, 404);
        assert_eq!(attempt(&mut app.browser(), "owner@alder.test", PASSWORD).await, 422);
        assert_eq!(attempt(&mut app.browser(), "owner@alder.test", "another horse battery").await, 303);
    }

    /// Whoever asks for a new password sees the same, whoever they ask for; no stranger gets a mail, and
    /// nobody gets more than five.
    async fn asking_for_a_password_tells_nothing(app: TestApp) {
        World::fill(&app).await;
        let ask = async |email: &str| app.browser().post("/app/forgot", &[("email", email)]).await.whole();
        let known = ask("owner@alder.test").await;
        assert_eq!(ask("nobody@alder.test").await, known);
        for _ in 0..9 {
            assert_eq!(ask("owner@alder.test").await, known);
        }
        app.work().await;
        assert_eq!((app.smtp.count_to("owner@alder.test"), app.smtp.count_to("nobody@alder.test")), (5, 0));
    }

    /// The links of this side expire, and one of one purpose is worth nothing for another (L4).
    async fn a_link_lives_for_an_hour_and_for_its_own_purpose(app: TestApp) {
        World::fill(&app).await;
        app.browser().post("/app/forgot", &[("email", "owner@alder.test")]).await;
        app.work().await;
        let link = app.smtp.newest_to("owner@alder.test").link("/app/reset/");
        let token = link.rsplit('/').next().unwrap();
        for other in ["/app/sign-up", "/portal/link"] {
            assert_eq!(app.browser().get(&format!("{other}/{token}")).await.status, 404, "{other}");
            assert_eq!(app.browser().post(&format!("{other}/{token}"), &[]).await.status, 404, "{other}");
        }
        app.clock.advance(TimeDelta::minutes(59));
        assert_eq!(app.browser().get(&link).await.status, 200);
        app.clock.advance(TimeDelta::minutes(1));
        assert_eq!(app.browser().get(&link).await.status, 404);
    }

    /// Neither tokens nor passwords are at rest.
    async fn neither_tokens_nor_passwords_are_in_the_database(app: TestApp) {
        sign_up(&app, "mara@finch.test", "Finch").await;
        let link = app.smtp.newest_to("mara@finch.test").link("/app/sign-up/");
        let token = link.rsplit('/').next().unwrap().to_owned();
        let stored = app.database.texts("SELECT password_hash || payload || email FROM team_tokens, outbox").await.concat();
        assert!(stored.contains("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(!stored.contains(PASSWORD) && !stored.contains(&token), "{stored}");
    }

    /// A session ends after fourteen days without use, and after sixty in any case (S3). Signing out ends
    /// it for whoever holds a copy (S2).
    async fn a_team_session_ends(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        let mut idle = app.member("owner@alder.test").await;
        for _ in 0..4 {
            app.clock.advance(TimeDelta::days(13));
            assert_eq!(browser.get("/app/clients").await.status, 200);
        }
        assert_eq!(idle.get("/app/clients").await.status, 303, "idle for too long");
        app.clock.advance(TimeDelta::days(8));
        assert_eq!(browser.get("/app/clients").await.status, 303, "sixty days");
        let mut browser = app.member("owner@alder.test").await;
        let mut copy = browser.clone();
        let out = browser.post("/app/sign-out", &[]).await;
        assert_eq!((out.header("location"), out.header("clear-site-data")), ("/app/login", "\"storage\""));
        assert!(!browser.cookies.contains_key(COOKIE));
        assert_eq!(copy.get("/app/clients").await.status, 303);
    }

    /// Who signs in again in one browser has one session there: the one before is over, whoever it was.
    async fn a_session_takes_the_place_of_the_one_before(app: TestApp) {
        World::fill(&app).await;
        let mut elsewhere = app.member("owner@alder.test").await;
        let mut browser = app.member("owner@alder.test").await;
        for email in ["owner@alder.test", "owner@birch.test"] {
            let mut before = browser.clone();
            assert_eq!(attempt(&mut browser, email, "not the password").await, 422);
            assert_eq!(before.get("/app/clients").await.status, 200, "trying ends nothing");
            assert_eq!(attempt(&mut browser, email, PASSWORD).await, 303);
            assert_eq!((before.get("/app/clients").await.status, browser.get("/app/clients").await.status), (303, 200), "{email}");
        }
        assert_eq!(elsewhere.get("/app/clients").await.status, 200);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM activity WHERE kind = 'team.signed_out'").await, 2);
    }

    /// Somebody who is no longer a member is out at the next request, and does not come in again.
    async fn a_member_who_is_removed_is_out_at_once(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        app.database.execute("UPDATE members SET removed_at = '2026-03-01 00:00:00+00:00'").await;
        assert_eq!(browser.get("/app/clients").await.status, 303);
        assert_eq!(attempt(&mut app.browser(), "owner@alder.test", PASSWORD).await, 422);
    }

    /// A cookie of one side is nothing on the other, even under the other's name (S1).
    async fn the_sides_do_not_mix(app: TestApp) {
        World::fill(&app).await;
        let portal = app.signed_in("a1@clients.test").await.cookies["__Host-postern_portal"].clone();
        let team = app.member("owner@alder.test").await.cookies[COOKIE].clone();
        let visit = async |name: &str, value: &str, path: &str| {
            let mut browser = app.browser();
            browser.cookies.insert(name.to_owned(), value.to_owned());
            browser.get(path).await.status
        };
        assert_eq!(visit(COOKIE, &team, "/app/clients").await, 200);
        assert_eq!(visit("__Host-postern_portal", &portal, "/portal").await, 200);
        assert_eq!(visit(COOKIE, &portal, "/app/clients").await, 303);
        assert_eq!(visit("__Host-postern_portal", &team, "/portal").await, 303);
        assert_eq!(visit("__Host-postern_portal", &portal, "/app/clients").await, 303);
        assert_eq!(visit(COOKIE, &team, "/portal").await, 303);
    }
}
