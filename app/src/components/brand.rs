//! An org's name and logo. An org without a logo gets its initial on a tile of its own colour.

use leptos::{either::Either, prelude::*};

use crate::layout::Brand;

/// Name and logo at the top of a signed-in page, as a link home.
#[component]
pub fn BrandLink(brand: Brand, href: String) -> impl IntoView {
    let mark = mark(&brand);
    view! {
        <a class="brand" href=href>
            {mark}
            <bdi class="brand-name">{brand.org_name}</bdi>
        </a>
    }
}

/// Name and logo at the top of a sheet.
#[component]
pub fn BrandHeading(brand: Brand) -> impl IntoView {
    let mark = mark(&brand);
    view! {
        <p class="brand">
            {mark}
            <bdi class="brand-name">{brand.org_name}</bdi>
        </p>
    }
}

/// The picture beside the name. The name says it all, so the picture has no text of its own.
fn mark(brand: &Brand) -> impl IntoView + use<> {
    if let Some(url) = &brand.logo_url {
        return Either::Left(view! { <img class="logo" src=url.clone() alt=""/> });
    }
    Either::Right(view! {
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <rect class="mark-tile" width="32" height="32" rx="8"/>
            <text class="mark-initial" x="16" y="16" dy="0.36em" text-anchor="middle">
                {initial(&brand.org_name)}
            </text>
        </svg>
    })
}

/// The first letter or digit of a name, in capitals where its script has them.
fn initial(name: &str) -> String {
    name.chars()
        .find(|character| character.is_alphanumeric())
        .map(|character| character.to_uppercase().to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::initial;

    #[test]
    fn the_initial_is_the_first_letter_or_digit() {
        for (name, expected) in [("juniper", "J"), ("“élan”", "É"), ("3 Oaks", "3"), ("שקד", "ש"), ("—", "")]
        {
            assert_eq!(initial(name), expected);
        }
    }
}
