//! The way in: an e-mail address, nothing else.

use leptos::prelude::*;

use crate::{
    components::EmailForm,
    layout::{Assets, Brand, Letter},
    text::{self, LoginProblem},
};

/// The form that asks for a link. Nothing on it depends on whether an address is known.
#[component]
pub fn LoginPage(
    /// The org whose login page this is; none on the page for all orgs.
    brand: Option<Brand>,
    /// Where the site's files are.
    assets: &'static Assets,
    /// Where the form is sent to.
    action: String,
    /// The page to show after signing in.
    next: Option<String>,
    /// What was typed before.
    email: String,
    /// What was wrong with it.
    problem: Option<LoginProblem>,
    /// How long a link lives.
    link_minutes: u32,
) -> impl IntoView {
    view! {
        <Letter brand assets title="Sign in".to_owned()>
            <div>
                <h1>"Your invoices, by e-mail link"</h1>
                <p class="lead quiet">
                    "No password. Type the address that your invoices are sent to, and we send you a link that works once, for "
                    {text::minutes(link_minutes)} "."
                </p>
            </div>
            <EmailForm action next email problem/>
            <p class="small quiet">
                "At most five links are sent in ten minutes. Nothing arrives? Look in the spam folder, or ask the person who sent you the invoice."
            </p>
        </Letter>
    }
}
