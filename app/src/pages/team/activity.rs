//! The org's log, newest first, by what it is about, by whom, about which client and when.

use chrono::{Days, NaiveDate};
use leptos::{either::Either, either::EitherOf3, prelude::*};

use crate::{
    api::team::{Activity, ActivityFilter, ActivityLog, Person, PersonFilter, Topic},
    components::{DayRange, Empty, Feed, Pagination, PaginationProps, TextField},
    format::Formats,
    layout::{Desk, DeskFrame, DeskTab},
    problem::Problems,
    routes,
};

/// Where the name of a client that was typed leads to more than one, or to none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientChoice {
    /// What was typed.
    pub typed: String,
    /// Id and name of those that it fits.
    pub found: Vec<(String, String)>,
}

/// One page of the log.
#[component]
pub fn ActivityPage(
    /// What every page of the team knows.
    frame: DeskFrame,
    filter: ActivityFilter,
    /// One page of the rows, and what the filters offer.
    log: ActivityLog,
    /// Which client was meant, where that is still open. The rows are then left out.
    choice: Option<ClientChoice>,
    /// The days as they were typed, for those that cannot be read.
    days: (String, String),
    /// What is wrong with them. The rows are then left out.
    problems: Problems,
) -> impl IntoView {
    let query = filter.to_query();
    let pagination = PaginationProps::of(&log.activity.page_info, |cursor| {
        routes::app_activity(routes::APP_ACTIVITY, &query, Some(cursor))
    });
    let form = form(&filter, &log, choice.as_ref(), days, &problems);
    let content = match choice {
        Some(choice) => EitherOf3::A(which_client(choice, &filter)),
        None if !problems.is_empty() || log.activity.nodes.is_empty() => {
            EitherOf3::B(nothing(&filter, !problems.is_empty()))
        }
        None => EitherOf3::C(view! {
            {days_of(log.activity.nodes, &frame)}
            {Pagination(pagination)}
        }),
    };
    let export = routes::app_activity(routes::APP_ACTIVITY_CSV, &query, None);
    view! {
        <Desk frame title="Activity".to_owned() tab=DeskTab::Activity>
            <section class="list-page">
                <header class="list-head">
                    <h1>"Activity"</h1>
                    <a class="button" href=export download="">
                        "Export as CSV"
                    </a>
                </header>
                {tabs(&filter)}
                {form}
                {content}
            </section>
        </Desk>
    }
}

/// What the log is about, as links that keep the other filters.
fn tabs(filter: &ActivityFilter) -> impl IntoView + use<> {
    let all = std::iter::once((None, "All"))
        .chain(Topic::ALL.into_iter().map(|(topic, _, label)| (Some(topic), label)));
    let links = all
        .map(|(topic, label)| {
            let href = routes::app_activity(
                routes::APP_ACTIVITY,
                &ActivityFilter { topic, ..filter.clone() }.to_query(),
                None,
            );
            view! {
                <li>
                    <a href=href aria-current=(topic == filter.topic).then_some("true")>
                        {label}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="tabs" aria-label="Filter by topic">
            <ul>{links}</ul>
        </nav>
    }
}

fn form(
    filter: &ActivityFilter,
    log: &ActivityLog,
    choice: Option<&ClientChoice>,
    (from, to): (String, String),
    problems: &Problems,
) -> impl IntoView + use<> {
    let without_topic = ActivityFilter { topic: None, ..filter.clone() };
    let is_open = !without_topic.is_empty() || choice.is_some() || !problems.is_empty();
    let clear = (!without_topic.is_empty()).then(|| {
        let bare = ActivityFilter { topic: filter.topic, ..ActivityFilter::default() };
        let href = routes::app_activity(routes::APP_ACTIVITY, &bare.to_query(), None);
        view! { <a href=href>"Clear"</a> }
    });
    let topic =
        filter.topic.map(|topic| view! { <input type="hidden" name="topic" value=topic.as_query()/> });
    view! {
        <details class="filters" open=is_open>
            <summary>"Filter by person, client or day"</summary>
            <form method="get" action=routes::APP_ACTIVITY>
                {topic}
                {person_field(filter, &log.people)}
                {client_field(filter, log, choice)}
                <DayRange from to problems=problems.clone()/>
                <p class="acts">
                    <button class="button">"Show"</button>
                    {clear}
                </p>
            </form>
        </details>
    }
}

fn person_field(filter: &ActivityFilter, people: &[Person]) -> impl IntoView + use<> {
    let option = |person: &Person| {
        let as_filter = if person.is_contact {
            PersonFilter::Contact(person.id.clone())
        } else {
            PersonFilter::Member(person.id.clone())
        };
        let is_chosen = filter.person.as_ref() == Some(&as_filter);
        let name = person.name.clone();
        view! {
            <option value=as_filter.to_query() selected=is_chosen>
                {name}
            </option>
        }
    };
    let of = |contacts: bool| {
        people.iter().filter(|person| person.is_contact == contacts).map(option).collect_view()
    };
    // A contact by a link from elsewhere, whose client was not chosen: it stays chosen.
    let unlisted = filter.person.as_ref().filter(|chosen| {
        !people.iter().any(|person| match chosen {
            PersonFilter::Member(id) => !person.is_contact && person.id == *id,
            PersonFilter::Contact(id) => person.is_contact && person.id == *id,
        })
    });
    let unlisted = unlisted.map(|chosen| {
        view! {
            <option value=chosen.to_query() selected=true>
                "The one chosen"
            </option>
        }
    });
    let contacts = people.iter().any(|person| person.is_contact).then(|| {
        view! { <optgroup label="Contacts">{of(true)}</optgroup> }
    });
    view! {
        <div class="field">
            <label for="person">"Person"</label>
            <select id="person" name="person">
                <option value="">"Everybody"</option>
                {unlisted}
                <optgroup label="Team">{of(false)}</optgroup>
                {contacts}
            </select>
        </div>
    }
}

fn client_field(
    filter: &ActivityFilter,
    log: &ActivityLog,
    choice: Option<&ClientChoice>,
) -> impl IntoView + use<> {
    let Some(id) = filter.client.clone() else {
        let typed = choice.map(|choice| choice.typed.clone()).unwrap_or_default();
        return Either::Left(view! {
            <TextField name="client" label="Client" value=typed problem=None marks_optional=false required=false/>
        });
    };
    let name = log.client.as_ref().map_or_else(|| "Unknown".to_owned(), |client| client.name.clone());
    let without = ActivityFilter { client: None, person: member_of(filter), ..filter.clone() };
    let href = routes::app_activity(routes::APP_ACTIVITY, &without.to_query(), None);
    Either::Right(view! {
        <div class="field">
            <span class="label">"Client"</span>
            <p class="chosen">
                <input type="hidden" name="client" value=id/>
                <bdi>{name}</bdi>
                <a class="small" href=href>
                    "All clients"
                </a>
            </p>
        </div>
    })
}

/// A contact is of one client and does not stay where that is taken away.
fn member_of(filter: &ActivityFilter) -> Option<PersonFilter> {
    filter.person.clone().filter(|person| matches!(person, PersonFilter::Member(_)))
}

fn which_client(choice: ClientChoice, filter: &ActivityFilter) -> impl IntoView + use<> {
    let ClientChoice { typed, found } = choice;
    if found.is_empty() {
        let sentence = format!("No client has “{typed}” in its name. A part of the name is enough.");
        return Either::Left(view! { <Empty title="No such client" sentence/> });
    }
    let links = found
        .into_iter()
        .map(|(id, name)| {
            let one = ActivityFilter { client: Some(id), ..filter.clone() };
            let href = routes::app_activity(routes::APP_ACTIVITY, &one.to_query(), None);
            view! {
                <li>
                    <a href=href>
                        <bdi>{name}</bdi>
                    </a>
                </li>
            }
        })
        .collect_view();
    Either::Right(view! {
        <section class="block" aria-labelledby="which">
            <h2 id="which">"Which client?"</h2>
            <ul class="choices" role="list">
                {links}
            </ul>
        </section>
    })
}

/// The rows under the day on which they happened.
fn days_of(rows: Vec<Activity>, frame: &DeskFrame) -> impl IntoView + use<> {
    let mut days: Vec<(NaiveDate, Vec<Activity>)> = vec![];
    for row in rows {
        let day = frame.formats.day_of(row.at);
        match days.last_mut() {
            Some((last, rows)) if *last == day => rows.push(row),
            _ => days.push((day, vec![row])),
        }
    }
    days.into_iter()
        .map(|(day, rows)| {
            view! {
                <section class="day">
                    <h2>{day_words(day, frame.today, &frame.formats)}</h2>
                    <Feed rows formats=frame.formats.clone() of_one_day=true with_origin=true/>
                </section>
            }
        })
        .collect_view()
}

fn day_words(day: NaiveDate, today: NaiveDate, formats: &Formats) -> String {
    match today.checked_sub_days(Days::new(1)) {
        _ if day == today => "Today".to_owned(),
        Some(yesterday) if day == yesterday => "Yesterday".to_owned(),
        _ => formats.date(day),
    }
}

fn nothing(filter: &ActivityFilter, is_wrong: bool) -> impl IntoView + use<> {
    let way_on = (routes::APP_ACTIVITY.to_owned(), "Show everything");
    match (is_wrong, filter.is_empty()) {
        (true, _) => {
            let sentence = "Set the days right, and try again.";
            EitherOf3::A(view! { <Empty title="Nothing to show" sentence way_on/> })
        }
        (false, true) => {
            let sentence = "Who did what is written down here: sign-ins, views, payments, changes.";
            EitherOf3::B(view! { <Empty title="Nothing yet" sentence/> })
        }
        (false, false) => {
            let sentence = "No row of the log fits what you chose.";
            EitherOf3::C(view! { <Empty title="Nothing happened here" sentence way_on/> })
        }
    }
}
