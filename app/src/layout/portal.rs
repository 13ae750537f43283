//! The frame of every signed-in page: the org's brand, the three places, the way out.

use chrono::NaiveDate;
use leptos::prelude::*;

use super::{Assets, Brand, Document, Scripts};
use crate::{
    components::{BrandLink, MailLink},
    format::Formats,
    routes,
};

/// What every signed-in page knows, whatever it shows.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The org whose portal this is.
    pub brand: Brand,
    /// The client whose invoices are shown.
    pub client_name: String,
    /// The person who is signed in.
    pub contact_name: String,
    /// The address they signed in with.
    pub contact_email: String,
    /// The org's calendar day, by which things are overdue.
    pub today: NaiveDate,
    /// How this client reads dates and money.
    pub formats: Formats,
    /// How to pay this org, in its own words; may be empty, may have several lines.
    pub payment_instructions: String,
    /// Whether invoices can be paid online.
    pub can_pay: bool,
    /// A member of the team is looking, who can change nothing.
    pub is_preview: bool,
    /// Where the site's files are.
    pub assets: &'static Assets,
}

/// The places of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Portal home.
    Overview,
    /// The list of invoices and each invoice.
    Invoices,
    /// The history of payments.
    Payments,
    /// A page that the navigation does not name.
    Elsewhere,
}

const TABS: [(Tab, &str, &str); 3] = [
    (Tab::Overview, routes::PORTAL, "Overview"),
    (Tab::Invoices, routes::PORTAL_INVOICES, "Invoices"),
    (Tab::Payments, routes::PORTAL_PAYMENTS, "Payments"),
];

/// A signed-in page. Its children are the content of `main`.
#[component]
pub fn Portal<C: IntoView + 'static>(
    frame: Frame,
    /// The title of the page itself.
    title: String,
    /// Where the page is.
    tab: Tab,
    /// The page is that place itself and not one below it.
    #[prop(default = true)]
    is_tab_itself: bool,
    /// Scripts the page needs.
    scripts: Scripts,
    children: TypedChildren<C>,
) -> impl IntoView {
    let Frame { brand, client_name, contact_name, contact_email, is_preview, assets, .. } = frame;
    let site = brand.org_name.clone();
    let accent = brand.accent;
    let support_email = brand.support_email.clone();
    view! {
        <Document title site=Some(site) accent assets scripts>
            <a class="skip" href="#main">"Skip to the content"</a>
            {is_preview.then(|| preview_bar(&contact_name, &client_name))}
            <div class="page">
                <header class="top">
                    <BrandLink brand href=routes::PORTAL.to_owned()/>
                    <nav aria-label="Portal">
                        <ul>
                            {TABS
                                .map(|(place, href, label)| {
                                    let current = (place == tab)
                                        .then_some(if is_tab_itself { "page" } else { "true" });
                                    view! {
                                        <li>
                                            <a href=href aria-current=current>{label}</a>
                                        </li>
                                    }
                                })
                                .collect_view()}
                        </ul>
                    </nav>
                    {(!is_preview)
                        .then(|| {
                            view! {
                                <form class="sign-out" method="post" action=routes::PORTAL_SIGN_OUT>
                                    <button class="text-button">"Sign out"</button>
                                </form>
                            }
                        })}
                </header>
                <main id="main" class="stack" tabindex="-1">
                    {children.into_inner()()}
                </main>
                <footer class="foot">
                    <p>
                        "Signed in as " <bdi>{contact_name}</bdi> " (" <bdi>{contact_email}</bdi> ") for "
                        <bdi>{client_name}</bdi>
                    </p>
                    <ul>
                        {(!support_email.is_empty())
                            .then(|| {
                                view! {
                                    <li>
                                        "Questions? " <MailLink address=support_email/>
                                    </li>
                                }
                            })} <li>
                            <a href=routes::PORTAL_ACCESS>"Who has seen this"</a>
                        </li>
                    </ul>
                </footer>
            </div>
        </Document>
    }
}

/// What tells a member of the team that this is no session of their own.
fn preview_bar(contact_name: &str, client_name: &str) -> impl IntoView + use<> {
    let (contact_name, client_name) = (contact_name.to_owned(), client_name.to_owned());
    view! {
        <aside class="preview-bar" aria-label="Preview">
            <p>
                <strong>"Preview"</strong> " This is what " <bdi>{contact_name}</bdi> " of " <bdi>{client_name}</bdi>
                " sees. Nothing can be changed here."
            </p>
            <form method="post" action=routes::PORTAL_PREVIEW_END>
                <button class="button small">"End the preview"</button>
            </form>
        </aside>
    }
}
