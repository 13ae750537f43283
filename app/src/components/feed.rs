//! Rows of the log as sentences, each with its time and, where it is asked for, from where it came.

use leptos::{either::EitherOf5, prelude::*};

use crate::{
    activity::{Mood, Part, mood, sentence},
    api::team::Activity,
    format::Formats,
    routes,
};

/// A list of what happened, in the order in which it is given.
#[component]
pub fn Feed(
    rows: Vec<Activity>,
    /// How the reader writes times.
    formats: Formats,
    /// Where one day stands over the rows, a time of day is enough.
    #[prop(default = false)]
    of_one_day: bool,
    /// Browser and network of each row.
    #[prop(default = false)]
    with_origin: bool,
) -> impl IntoView {
    let items = rows
        .into_iter()
        .map(|row| {
            let when = if of_one_day { formats.time_of_day(row.at) } else { formats.date_time(row.at) };
            let origin = if with_origin { origin(&row) } else { String::new() };
            view! {
                <li class=class(mood(&row))>
                    <p class="said">
                        {said(&row)}
                        {(!origin.is_empty())
                            .then(|| view! { <span class="small quiet figure-line">{origin}</span> })}
                    </p>
                    <time class="small quiet num" datetime=row.at.to_rfc3339()>
                        {when}
                    </time>
                </li>
            }
        })
        .collect_view();
    view! {
        <ul class="feed" role="list">
            {items}
        </ul>
    }
}

/// The sentence of a row, with links to what it is about.
#[must_use]
pub fn said(row: &Activity) -> impl IntoView + use<> {
    sentence(row)
        .into_iter()
        .map(|part| match part {
            Part::Words(text) => EitherOf5::A(text),
            Part::Who(name) => EitherOf5::B(view! { <bdi class="number">{name}</bdi> }),
            Part::Client(id, name) => EitherOf5::C(view! {
                <a href=routes::app_client(&id)>
                    <bdi>{name}</bdi>
                </a>
            }),
            Part::Invoice(Some(id), number) => {
                EitherOf5::D(view! { <a href=routes::app_invoice(&id)>{number}</a> })
            }
            Part::Contact(text) | Part::Invoice(None, text) | Part::Detail(text) => {
                EitherOf5::E(view! { <bdi>{text}</bdi> })
            }
        })
        .collect_view()
}

/// Browser and network, as far as they are known.
fn origin(row: &Activity) -> String {
    [row.browser.as_str(), row.ip_short.as_str()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

const fn class(mood: Mood) -> Option<&'static str> {
    match mood {
        Mood::Plain => None,
        Mood::Good => Some("good"),
        Mood::Seen => Some("seen"),
        Mood::Warning => Some("warning"),
    }
}
