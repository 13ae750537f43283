//! What opens one door, at every other (rule L4): each kind of token, cookie and code, whole and in its parts.

use axum::{body::Body, http::Method};

use crate::{
    gateway::Program,
    harness::{Browser, Page, TestApp, both_databases, proof},
    members::joined,
    world::{PASSWORD, World},
};

/// One of each kind: its name, and itself.
type Keys = Vec<(&'static str, String)>;

/// A door: its name, whose keys fit, and how one knocks.
struct Door {
    name: &'static str,
    fits: &'static str,
    knock: Knock,
}

#[derive(Clone, Copy)]
enum Knock {
    /// A path in which the token stands; looked at, then posted to with this form.
    Path(&'static str, &'static [(&'static str, &'static str)]),
    /// A cookie of this name, with the page to look at.
    Cookie(&'static str, &'static str),
    /// The code, in the browser that asked.
    Code,
    /// `Authorization`.
    Bearer,
    /// The cookie of the browser that asked, with the right code.
    Pending,
}

const DOORS: [Door; 13] = [
    Door { name: "/portal/link", fits: "magic link", knock: Knock::Path("/portal/link/{}", &[]) },
    Door { name: "/i", fits: "share link", knock: Knock::Path("/i/{}", &[]) },
    Door { name: "/i/…/pdf", fits: "share link", knock: Knock::Path("/i/{}/pdf", &[]) },
    Door {
        name: "/app/sign-up",
        fits: "sign-up",
        knock: Knock::Path("/app/sign-up/{}", &[("password", PASSWORD)]),
    },
    Door {
        name: "/app/reset",
        fits: "reset",
        knock: Knock::Path("/app/reset/{}", &[("password", "another horse battery")]),
    },
    Door {
        name: "/app/join",
        fits: "invitation",
        knock: Knock::Path("/app/join/{}", &[("name", "Eve"), ("password", PASSWORD)]),
    },
    Door {
        name: "/app/account/email",
        fits: "e-mail change",
        knock: Knock::Path("/app/account/email/{}", &[]),
    },
    Door {
        name: "portal cookie",
        fits: "portal session",
        knock: Knock::Cookie("__Host-postern_portal", "/portal"),
    },
    Door {
        name: "preview cookie",
        fits: "preview",
        knock: Knock::Cookie("__Host-postern_preview", "/portal"),
    },
    Door {
        name: "team cookie",
        fits: "team session",
        knock: Knock::Cookie("__Host-postern_team", "/app/clients"),
    },
    Door { name: "pending cookie", fits: "pending", knock: Knock::Pending },
    Door { name: "code", fits: "code", knock: Knock::Code },
    Door { name: "bearer", fits: "API token", knock: Knock::Bearer },
];

/// One of each, all of them good.
async fn keys(app: &TestApp, world: &World) -> (Keys, Browser, String) {
    let mut owner = app.member("owner@alder.test").await;
    let last = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let preview = format!("/app/clients/{}/contacts/{}/preview", world.a1.id, world.a1.contact);
    assert_eq!(owner.post(&preview, &[]).await.status, 303);
    let mut spare = joined(app, &mut owner, "spare@x.test", "admin").await;
    spare.post("/app/account/email", &[("email", "moved@x.test"), ("password", PASSWORD)]).await;
    owner.post("/app/settings/members", &[("email", "invited@x.test"), ("role", "member")]).await;
    joined(app, &mut owner, "other@x.test", "member").await;
    app.browser().post("/app/forgot", &[("email", "other@x.test")]).await;
    let form = [("name", "New"), ("orgName", "New"), ("email", "new@x.test"), ("password", PASSWORD)];
    app.browser().post("/app/sign-up", &form).await;
    let contact = app.signed_in(&world.a1.email()).await;
    let mut asked = app.browser();
    let mail = app.ask(&mut asked, &world.a1.email()).await;
    let to = |address: &str, path: &str| last(&app.smtp.newest_to(address).link(path));
    let keys = vec![
        ("magic link", last(&mail.links()[0])),
        ("share link", last(&world.a1.share_path())),
        ("sign-up", to("new@x.test", "/app/sign-up/")),
        ("reset", to("other@x.test", "/app/reset/")),
        ("invitation", to("invited@x.test", "/app/join/")),
        ("e-mail change", to("moved@x.test", "/app/account/email/")),
        ("portal session", contact.cookies["__Host-postern_portal"].clone()),
        ("preview", owner.cookies["__Host-postern_preview"].clone()),
        ("team session", owner.cookies["__Host-postern_team"].clone()),
        ("pending", asked.cookies["__Host-postern_pending"].clone()),
        ("device", owner.cookies["__Host-postern_device"].clone()),
        ("code", mail.code()),
        ("API token", Program::of_owner(app, "alder", &["CLIENTS_WRITE"]).await.token),
    ];
    (keys, asked, mail.code())
}

/// Everything that one can see of a door: what it answers to a look and to a push, without the key that was tried.
async fn try_at(app: &TestApp, door: &Door, key: &str, asked: &Browser, code: &str) -> (bool, String) {
    let escaped: String = url::form_urlencoded::byte_serialize(key.as_bytes()).collect();
    let pages = match door.knock {
        Knock::Path(path, form) => {
            let path = path.replace("{}", &escaped);
            let mut browser = app.browser();
            vec![browser.get(&path).await, browser.post(&path, form).await]
        }
        Knock::Cookie(name, page) => {
            let mut browser = app.browser();
            browser.cookies.insert(name.to_owned(), key.to_owned());
            vec![browser.get(page).await]
        }
        Knock::Code => vec![asked.clone().post("/portal/login/code", &[("code", key)]).await],
        Knock::Pending => {
            let mut browser = app.browser();
            browser.cookies.insert("__Host-postern_pending".to_owned(), key.to_owned());
            vec![browser.post("/portal/login/code", &[("code", code)]).await]
        }
        Knock::Bearer => {
            let body = Body::from("{\"query\":\"{ team { clients(first: 1) { nodes { id } } } }\"}");
            let bearer = format!("Bearer {key}");
            let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
            vec![app.browser().request(Method::POST, "/graphql", &headers, body).await]
        }
    };
    let lets_in = pages.iter().any(|page| match door.knock {
        Knock::Path("/i/{}" | "/i/{}/pdf", _) | Knock::Bearer | Knock::Cookie(..) => page.status == 200,
        Knock::Path(..) | Knock::Code | Knock::Pending => {
            page.status == 303 || page.headers.contains_key("set-cookie")
        }
    });
    // A request's id is its own.
    let seen = |page: &Page| {
        let whole = page.whole().replace(key, "KEY").replace(&escaped, "KEY");
        let id = page.header("x-request-id");
        if id.is_empty() { whole } else { whole.replace(id, "ID") }
    };
    let seen: String = pages.iter().map(seen).collect();
    (lets_in, seen)
}

both_databases! {
    /// Whatever is tried at a door that it is not for is answered as nonsense is, by the same bytes.
    async fn a_key_of_one_door_is_nonsense_at_every_other(app: TestApp) {
        let mut app = app;
        app.restart_with(&[("SIGN_UP", "open")]).await;
        let world = World::fill(&app).await;
        app.database.execute("UPDATE orgs SET plan = 'agency'").await;
        let (keys, asked, code) = keys(&app, &world).await;
        let mut tried = 0;
        for door in &DOORS {
            for (name, key) in keys.iter().filter(|(name, _)| *name != door.fits) {
                // Whole, without its signature, as another's prefix says, and doubled.
                let bare = key.split('.').next().unwrap().trim_start_matches("pst_").to_owned();
                for tried_key in [key.clone(), bare.clone(), format!("pst_{bare}"), format!("{bare}.{bare}")] {
                    // Five tries a code; each is undone, so that all are tried.
                    app.database.execute("UPDATE login_requests SET code_tries = 0").await;
                    let nonsense: String = tried_key.chars().map(|c| if c.is_ascii_alphanumeric() { 'x' } else { c }).collect();
                    let (lets_in, seen) = try_at(&app, door, &tried_key, &asked, &code).await;
                    assert!(!lets_in, "{name} at {}: {seen}", door.name);
                    let (_, expected) = try_at(&app, door, &nonsense, &asked, &code).await;
                    assert_eq!(seen, expected, "{name} at {}", door.name);
                    tried += 1;
                }
            }
        }
        assert!(tried >= 600, "{tried}");
        // The positive control: none was used up, and each opens its own door. A code and the cookie that it needs are used
        // up by one another, and by the link beside them.
        let mut opened = 0;
        for door in DOORS.iter().filter(|door| !["/portal/link", "pending cookie"].contains(&door.name)) {
            app.database.execute("UPDATE login_requests SET code_tries = 0").await;
            let (_, key) = keys.iter().find(|(name, _)| *name == door.fits).unwrap();
            let (lets_in, seen) = try_at(&app, door, key, &asked, &code).await;
            assert!(lets_in, "{}: {seen}", door.name);
            opened += 1;
        }
        proof(
            &format!("Keys at doors that they are not for ({:?}): as nonsense, by the same bytes", app.database.kind),
            &format!("{} kinds, {} doors, {tried} tries; {opened} doors opened by their own", keys.len(), DOORS.len()),
        );
    }
}
