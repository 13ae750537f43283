//! After signing out.

use leptos::prelude::*;

use crate::layout::{Assets, Brand, Letter};

/// Says that the session is over, and leads back in.
#[component]
pub fn SignedOutPage(
    /// The org whose portal it was, where that is known.
    brand: Option<Brand>,
    /// Where the site's files are.
    assets: &'static Assets,
    /// Every session of this contact has ended, not only this browser's.
    everywhere: bool,
    /// Where to sign in again.
    login_href: String,
) -> impl IntoView {
    let sentence = if everywhere {
        "Your sessions have ended on every device."
    } else {
        "Your session in this browser has ended."
    };
    view! {
        <Letter brand assets title="Signed out".to_owned()>
            <div>
                <h1>"You are signed out"</h1>
                <p class="lead quiet">{sentence}</p>
            </div>
            <p>
                <a class="button" href=login_href>
                    "Sign in again"
                </a>
            </p>
        </Letter>
    }
}
