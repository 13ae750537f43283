//! Several organisations of one person: going from one to another, and one more.

use leptos::{either::Either, prelude::*};
use serde::Deserialize;

use super::members::role_words;
use crate::{
    api::team::Role,
    components::{Chip, TextField, Tone},
    layout::{Desk, DeskFrame, DeskTab},
    problem::Problems,
    routes,
};

/// An org of whoever is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnOrg {
    /// Short name.
    pub slug: String,
    /// Name.
    pub name: String,
    /// What they may do there.
    pub role: Role,
}

/// What is typed for one more org.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct NewOrgForm {
    /// Name.
    pub name: String,
}

/// The orgs, a button each.
#[component]
pub fn OrgsPage(
    /// What every page of the team knows.
    frame: DeskFrame,
    orgs: Vec<OwnOrg>,
    /// Whether anybody may make an org here.
    can_make: bool,
) -> impl IntoView {
    let here = frame.brand.org_slug.clone();
    let rows = orgs.into_iter().map(|org| row(org, &here)).collect_view();
    let new = can_make.then(|| {
        view! {
            <a class="button" href=routes::APP_ORGS_NEW>
                "New organisation"
            </a>
        }
    });
    view! {
        <Desk frame title="Your organisations".to_owned() tab=DeskTab::Account>
            <header class="work-head">
                <div>
                    <p class="crumb">
                        <a href=routes::APP_ACCOUNT>
                            "Your account"
                        </a>
                    </p>
                    <h1>"Your organisations"</h1>
                </div>
                {new}
            </header>
            <section class="block narrow" aria-labelledby="orgs">
                <h2 id="orgs">"Where you are a member"</h2>
                <ul class="people" role="list">
                    {rows}
                </ul>
            </section>
        </Desk>
    }
}

fn row(org: OwnOrg, here: &str) -> impl IntoView + use<> {
    let OwnOrg { slug, name, role } = org;
    let act = if slug == here {
        Either::Left(view! { <Chip tone=Tone::Good text="You are here"/> })
    } else {
        let whom = format!(" to {name}");
        Either::Right(view! {
            <form method="post" action=routes::APP_SWITCH>
                <input type="hidden" name="org" value=slug/>
                <button class="button small">
                    "Go there" <span class="visually-hidden">{whom}</span>
                </button>
            </form>
        })
    };
    view! {
        <li>
            <div class="who">
                <bdi class="number">{name}</bdi>
            </div>
            <span class="small quiet">{role_words(role)}</span>
            <div class="acts">{act}</div>
        </li>
    }
}

/// The form for one more org.
#[component]
pub fn NewOrgPage(
    /// What every page of the team knows.
    frame: DeskFrame,
    /// What was typed before.
    form: NewOrgForm,
    /// What was wrong with it.
    problems: Problems,
) -> impl IntoView {
    view! {
        <Desk frame title="New organisation".to_owned() tab=DeskTab::Account>
            <header class="work-head">
                <div>
                    <p class="crumb">
                        <a href=routes::APP_SWITCH>
                            "Your organisations"
                        </a>
                    </p>
                    <h1>"New organisation"</h1>
                </div>
            </header>
            <form class="form block narrow" method="post" action=routes::APP_ORGS_NEW>
                <TextField
                    name="name"
                    label="Name"
                    value=form.name
                    problem=problems.of("name")
                    hint="As your clients know it. You can change it later."
                    autocomplete="organization"
                />
                <p class="small quiet">
                    "You will be its owner. It has clients, invoices and a plan of its own; nothing is shared with your other organisations."
                </p>
                <div class="acts">
                    <button class="button primary">"Make it"</button>
                    <a class="button" href=routes::APP_SWITCH>
                        "Cancel"
                    </a>
                </div>
            </form>
        </Desk>
    }
}
