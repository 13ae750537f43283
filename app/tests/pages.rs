//! What holds for every page, whatever it shows.

#[path = "../examples/preview/fixtures.rs"]
mod fixtures;
#[path = "../examples/preview/import.rs"]
mod import;
#[path = "../examples/preview/members.rs"]
mod members;
#[path = "../examples/preview/overview.rs"]
mod overview;
#[path = "../examples/preview/pages.rs"]
mod pages;
#[path = "../examples/preview/statement.rs"]
mod statement;
#[path = "../examples/preview/team.rs"]
mod team;
#[path = "../examples/preview/tokens.rs"]
mod tokens;
#[path = "../examples/preview/webhooks.rs"]
mod webhooks;

use leptos::prelude::*;
use postern_app::{
    api::{
        portal::InvoiceFilter,
        team::{ActivityFilter, ActivityLog, Invitation, InviteForm, Member, People, Person},
    },
    pages::{
        portal::{HomePage, InvoicePage, InvoicesPage, LinkPage},
        team::{ActivityPage, ClientFormPage, ClientPage, Invited, JoinPage, JoinWay, MembersPage},
    },
    problem::Problems,
    render::render,
    routes,
};

const HOSTILE: &str = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>";

/// Every page of either side.
fn all() -> Vec<(&'static str, String)> {
    [
        pages::all(),
        team::all(),
        members::all(),
        tokens::all(),
        webhooks::all(),
        overview::all(),
        import::all(),
        statement::all(),
    ]
    .concat()
}

#[test]
fn every_page_obeys_the_content_security_policy() {
    for (name, html) in all() {
        assert!(!html.contains(" style="), "{name} has an inline style");
        assert!(!html.contains("<style"), "{name} has an inline stylesheet");
        assert!(!html.contains("javascript:"), "{name} has a script in an address");
        for attribute in [" onclick", " oninput", " onsubmit", " onload", " onerror"] {
            assert!(!html.contains(attribute), "{name} has an inline handler");
        }
        for script in html.split("<script").skip(1) {
            let (tag, rest) = script.split_once('>').unwrap();
            assert!(tag.contains(" src=\"/assets/"), "{name} has an inline script");
            assert!(rest.starts_with("</script>"), "{name} has an inline script");
        }
    }
}

#[test]
fn every_page_is_a_whole_document_in_a_language_with_one_heading() {
    for (name, html) in all() {
        assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\">"), "{name}");
        assert!(html.ends_with("</html>"), "{name}");
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        assert_eq!(html.matches("<main").count(), 1, "{name}");
        assert!(html.contains("name=\"robots\" content=\"noindex, nofollow\""), "{name}");
        let title = html.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next());
        assert!(title.is_some_and(|title| !title.trim().is_empty()), "{name}");
    }
}

#[test]
fn a_page_loads_the_web_assembly_exactly_when_it_has_islands() {
    for (name, html) in all() {
        let has_islands = html.contains("<leptos-island");
        // What the team alone uses is on its own pages alone: no client downloads it.
        let is_desk = html.contains("class=\"desk\"");
        for (boot, wasm, wanted) in [
            ("/assets/boot.js", "/assets/site.wasm", has_islands && !is_desk),
            ("/assets/desk-boot.js", "/assets/desk.wasm", has_islands && is_desk),
        ] {
            assert_eq!(html.contains(boot), wanted, "{name}: {boot}");
            assert_eq!(html.contains(wasm), wanted, "{name}: {wasm}");
        }
        assert!(!html.contains("data-props"), "{name} sends data to an island");
    }
}

#[test]
fn no_page_of_an_org_names_the_software() {
    for (name, html) in all().into_iter().filter(|(name, _)| !name.starts_with("mail")) {
        assert!(!html.to_lowercase().contains("postern"), "{name}");
    }
}

#[test]
fn what_people_typed_is_never_markup() {
    let mut frame = fixtures::frame();
    frame.brand.org_name = HOSTILE.to_owned();
    frame.brand.support_email = HOSTILE.to_owned();
    frame.client_name = HOSTILE.to_owned();
    frame.contact_name = HOSTILE.to_owned();
    frame.payment_instructions = HOSTILE.to_owned();
    let mut invoice = fixtures::invoice(fixtures::open_rows().remove(0));
    invoice.row.title = HOSTILE.to_owned();
    invoice.row.number = HOSTILE.to_owned();
    invoice.notes = HOSTILE.to_owned();
    invoice.lines[0].description = HOSTILE.to_owned();
    invoice.bill_to = vec![HOSTILE.to_owned()];
    let mut home = fixtures::home();
    home.open[0].title = HOSTILE.to_owned();
    home.open[0].id = HOSTILE.to_owned();
    let brand = frame.brand.clone();
    let frames = [frame.clone(), frame.clone(), frame];
    let [for_home, for_invoice, for_list] = frames;
    let htmls = [
        render(move || view! { <HomePage frame=for_home data=home/> }),
        render(move || view! { <InvoicePage frame=for_invoice invoice/> }),
        render(move || {
            view! {
                <InvoicesPage
                    frame=for_list
                    filter=InvoiceFilter::All
                    search=HOSTILE.to_owned()
                    page=fixtures::page(Vec::new(), false, false)
                />
            }
        }),
        render(move || {
            view! {
                <LinkPage
                    brand
                    assets=&fixtures::ASSETS
                    client_name=HOSTILE.to_owned()
                    action=routes::portal_link(HOSTILE)
                    at_once=false
                />
            }
        }),
    ];
    for html in htmls {
        assert!(!html.contains("<script>"), "{html}");
        assert!(!html.contains("<img src=x"), "{html}");
    }
}

#[test]
fn what_people_typed_is_never_markup_on_the_teams_side() {
    let for_join = postern_app::layout::Brand {
        org_name: HOSTILE.to_owned(),
        support_email: HOSTILE.to_owned(),
        ..fixtures::frame().brand
    };
    let mut client = team::client();
    client.name = HOSTILE.to_owned();
    client.address = format!("</textarea>{HOSTILE}");
    client.tax_id = HOSTILE.to_owned();
    client.contacts[0].name = HOSTILE.to_owned();
    client.contacts[0].email = HOSTILE.to_owned();
    let (people, invited) = (members::people(Some(3)), members::invited());
    let people = People {
        members: people
            .members
            .into_iter()
            .map(|member| Member { name: HOSTILE.to_owned(), ..member })
            .collect(),
        invitations: people
            .invitations
            .into_iter()
            .map(|one| Invitation { email: HOSTILE.to_owned(), invited_by: HOSTILE.to_owned(), ..one })
            .collect(),
        ..people
    };
    let invited =
        Invited { email: HOSTILE.to_owned(), invited_by: HOSTILE.to_owned(), brand: for_join, ..invited };
    let of_the_people = [
        render(move || {
            view! {
                <MembersPage frame=team::frame() people form=InviteForm::default() problems=Problems::default() sent=false/>
            }
        }),
        render(move || {
            view! {
                <JoinPage
                    assets=&fixtures::ASSETS
                    invited
                    way=JoinWay::New
                    name=HOSTILE.to_owned()
                    problems=Problems::about_all(HOSTILE)
                    action=routes::app_join("token")
                />
            }
        }),
    ];
    let form = client.clone().into();
    let problems = Problems::about_all(HOSTILE);
    let mut row = overview::row("unknown.kind", 1);
    row.actor_name = HOSTILE.to_owned();
    row.client_name = Some(HOSTILE.to_owned());
    row.detail = HOSTILE.to_owned();
    row.kind = format!("invoice.{HOSTILE}");
    let log = ActivityLog {
        activity: fixtures::page(vec![row], false, false),
        people: vec![Person { id: HOSTILE.to_owned(), name: HOSTILE.to_owned(), is_contact: false }],
        client: None,
    };
    let of_the_team = [
        render(move || {
            view! {
                <ActivityPage
                    frame=team::frame()
                    filter=ActivityFilter::default()
                    log
                    choice=None
                    days=(HOSTILE.to_owned(), String::new())
                    problems=Problems::default()
                />
            }
        }),
        render(move || view! { <ClientPage frame=team::frame() client/> }),
        render(
            move || view! { <ClientFormPage frame=team::frame() id=Some(HOSTILE.to_owned()) form problems/> },
        ),
    ];
    for html in of_the_team.into_iter().chain(of_the_people) {
        assert!(!html.contains("<script>"), "{html}");
        assert!(!html.contains("<img src=x"), "{html}");
    }
}
