//! One address, several portals: after the proof, and never before, its owner picks one.

use leptos::prelude::*;

use crate::layout::{Assets, Brand, Letter};

/// One of the portals an address opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The org.
    pub org_name: String,
    /// The client of that org.
    pub client_name: String,
    /// Where its button leads.
    pub action: String,
}

/// A button for each portal.
#[component]
pub fn ChooserPage(
    /// The org whose login page was used; none on the page for all orgs.
    brand: Option<Brand>,
    /// Where the site's files are.
    assets: &'static Assets,
    /// The portals.
    choices: Vec<Choice>,
) -> impl IntoView {
    let buttons = choices
        .into_iter()
        .map(|choice| {
            view! {
                <li>
                    <form method="post" action=choice.action>
                        <button class="choice">
                            <bdi class="choice-client">{choice.client_name}</bdi>
                            <span class="small quiet">"at " <bdi>{choice.org_name}</bdi></span>
                        </button>
                    </form>
                </li>
            }
        })
        .collect_view();
    view! {
        <Letter brand assets title="Which portal?".to_owned()>
            <div>
                <h1>"Which portal?"</h1>
                <p class="lead quiet">"Your address opens more than one."</p>
            </div>
            <ul class="choices" role="list">
                {buttons}
            </ul>
        </Letter>
    }
}
