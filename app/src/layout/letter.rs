//! The frame of pages for visitors who are not signed in: one sheet, one thing to read or do.

use leptos::prelude::*;

use super::{Assets, Brand, Document, Scripts};
use crate::{brand::Accent, components::BrandHeading};

/// A page with one sheet on it. Its children are the content of the sheet, below the brand.
#[component]
pub fn Letter<C: IntoView + 'static>(
    /// Whose page it is; without an org the page is plain and neutral.
    brand: Option<Brand>,
    assets: &'static Assets,
    /// The title of the page.
    title: String,
    /// Scripts the page needs.
    #[prop(default = Scripts::None)]
    scripts: Scripts,
    children: TypedChildren<C>,
) -> impl IntoView {
    let accent = brand.as_ref().map_or_else(Accent::default, |brand| brand.accent);
    let site = brand.as_ref().map(|brand| brand.org_name.clone());
    view! {
        <Document title site accent assets scripts>
            <main class="letter">
                {brand.map(|brand| view! { <BrandHeading brand/> })} {children.into_inner()()}
            </main>
        </Document>
    }
}
