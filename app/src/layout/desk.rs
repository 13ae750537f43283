//! The frame of the team's pages: the org's brand and the places at the side, the work beside them.

use chrono::NaiveDate;
use leptos::prelude::*;

use super::{Assets, Brand, Document, Scripts};
use crate::{components::BrandLink, format::Formats, islands::AtOnce, routes};

/// What every page of the team knows, whatever it shows.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is something that pages show or leave out")]
pub struct DeskFrame {
    /// The org.
    pub brand: Brand,
    /// The person who is signed in.
    pub person_name: String,
    /// The address they signed in with.
    pub person_email: String,
    /// The org's calendar day.
    pub today: NaiveDate,
    /// How the org writes dates and money.
    pub formats: Formats,
    /// Whether the org's plan has the client portal.
    pub has_portal: bool,
    /// Whether the person may change the org's settings.
    pub is_admin: bool,
    /// Whether the person may change the org's plan.
    pub is_owner: bool,
    /// Whether the person is a member of other orgs as well.
    pub has_other_orgs: bool,
    /// Where the site's files are.
    pub assets: &'static Assets,
}

/// The places at the side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeskTab {
    /// Figures, what needs somebody, what happened lately.
    Overview,
    /// All invoices.
    Invoices,
    /// Clients and their contacts.
    Clients,
    /// All payments.
    Payments,
    /// The org's log.
    Activity,
    /// The org's settings.
    Settings,
    /// One's own account and orgs, which the places do not name.
    Account,
}

type Place = (DeskTab, &'static str, &'static str);

/// The places of every day, which a phone shows beside each other.
const TABS: [Place; 4] = [
    (DeskTab::Overview, routes::APP, "Overview"),
    (DeskTab::Invoices, routes::APP_INVOICES, "Invoices"),
    (DeskTab::Clients, routes::APP_CLIENTS, "Clients"),
    (DeskTab::Payments, routes::APP_PAYMENTS, "Payments"),
];

/// The others, which a phone keeps in its menu.
const MORE_TABS: [Place; 2] = [
    (DeskTab::Activity, routes::APP_ACTIVITY, "Activity"),
    (DeskTab::Settings, routes::APP_SETTINGS, "Settings"),
];

/// A page of the team. Its children are the content of `main`.
#[component]
pub fn Desk<C: IntoView + 'static>(
    frame: DeskFrame,
    /// The title of the page itself.
    title: String,
    /// Where the page is.
    tab: DeskTab,
    /// The page is that place itself and not one below it.
    #[prop(default = true)]
    is_tab_itself: bool,
    /// Scripts the page needs.
    #[prop(default = Scripts::None)]
    scripts: Scripts,
    children: TypedChildren<C>,
) -> impl IntoView {
    let DeskFrame { brand, person_name, person_email, is_admin, has_other_orgs, assets, .. } = frame;
    let site = brand.org_name.clone();
    let with_scripts = matches!(scripts, Scripts::Desk);
    let accent = brand.accent;
    let link = move |(place, href, label): Place| {
        let current = (place == tab).then_some(if is_tab_itself { "page" } else { "true" });
        view! {
            <li>
                <a href=href aria-current=current>
                    {label}
                </a>
            </li>
        }
    };
    let places = TABS.map(link).collect_view();
    let more = MORE_TABS
        .into_iter()
        .filter(|(place, ..)| is_admin || *place != DeskTab::Settings)
        .map(link)
        .collect_view();
    let account = (tab == DeskTab::Account).then_some("true");
    let switch = has_other_orgs.then(|| {
        view! {
            <li>
                <a href=routes::APP_SWITCH>"Other organisations"</a>
            </li>
        }
    });
    view! {
        <Document title site=Some(site) accent assets scripts>
            <a class="skip" href="#main">
                "Skip to the content"
            </a>
            <div class="desk">
                <header class="side">
                    <BrandLink brand href=routes::APP.to_owned()/>
                    <button class="menu-button" type="button" popovertarget="menu">
                        "Menu"
                    </button>
                    <nav class="places" aria-label="Team">
                        <ul>{places}</ul>
                    </nav>
                    // On a wide screen this is a part of the side, on a phone the browser opens it.
                    <div class="menu" id="menu" popover="auto">
                        <nav class="places" aria-label="More">
                            <ul>{more}</ul>
                        </nav>
                        <div class="me">
                            <p class="small">
                                <bdi>{person_name}</bdi>
                                <bdi class="quiet">{person_email}</bdi>
                            </p>
                            <ul class="mine" role="list">
                                <li>
                                    <a href=routes::APP_ACCOUNT aria-current=account>
                                        "Your account"
                                    </a>
                                </li>
                                {switch}
                                <li>
                                    <form method="post" action=routes::APP_SIGN_OUT>
                                        <button>"Sign out"</button>
                                    </form>
                                </li>
                            </ul>
                        </div>
                    </div>
                </header>
                <main id="main" class="work" tabindex="-1">
                    {children.into_inner()()}
                </main>
                {with_scripts.then(|| view! { <AtOnce/> })}
            </div>
        </Document>
    }
}
