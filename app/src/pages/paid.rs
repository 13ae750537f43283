//! For whoever comes back from paying in a browser that we do not know: thanks, in the org's brand, and no data.

use leptos::prelude::*;

use crate::layout::{Assets, Brand, Letter};

/// Thanks.
#[component]
pub fn PaidPage(
    /// Who was paid.
    brand: Brand,
    /// Whether the money has arrived already.
    has_paid: bool,
    /// Where the site's files are.
    assets: &'static Assets,
) -> impl IntoView {
    let org = brand.org_name.clone();
    let (title, sentence) = if has_paid {
        ("Thank you", "The payment has arrived. You can close this page.")
    } else {
        (
            "Thank you",
            "If you have paid, it takes a moment until it is known. There is no need to pay again, and you can close this page.",
        )
    };
    view! {
        <Letter brand=Some(brand) assets title=title.to_owned()>
            <div>
                <h1>{title}</h1>
                <p class="lead quiet">{sentence}</p>
                <p class="quiet"><bdi>{org}</bdi> " sends a receipt by e-mail."</p>
            </div>
        </Letter>
    }
}
