//! The people of the team: who they are, what each may do, who is invited, and how many places are left.

use leptos::{either::Either, prelude::*};

use crate::{
    api::team::{Invitation, InviteForm, Member, People, Role},
    components::{Chip, FormProblem, MailLink, TextField, Tone},
    format::Formats,
    layout::{Desk, DeskFrame, DeskTab, Scripts},
    problem::Problems,
    routes,
};

/// The members, the open invitations, and the form for one more.
#[component]
pub fn MembersPage(
    /// What every page of the team knows.
    frame: DeskFrame,
    people: People,
    /// Who is being invited.
    form: InviteForm,
    /// What was wrong with that, or with what was to be done.
    problems: Problems,
    /// An invitation was sent just now.
    sent: bool,
) -> impl IntoView {
    let People { most_members, members, invitations } = people;
    let waiting = invitations.iter().filter(|invitation| !invitation.is_expired).count();
    let places = places(members.len(), waiting, most_members, frame.is_owner);
    let is_full = most_members.is_some_and(|most| members.len() + waiting >= most);
    let formats = frame.formats.clone();
    let rows = members.into_iter().map(|one| member(one, &formats, frame.is_owner)).collect_view();
    let invited = (!invitations.is_empty()).then(|| invited(invitations, &formats));
    let said = sent.then(|| {
        view! {
            <p class="notice good" role="status">
                "The invitation is on its way. Its link works once, for seven days."
            </p>
        }
    });
    let invite = (!is_full || !problems.is_empty()).then(|| invite(form, &problems));
    view! {
        <Desk frame title="Members".to_owned() tab=DeskTab::Settings is_tab_itself=false scripts=Scripts::Desk>
            <header class="work-head">
                <div>
                    <p class="crumb">
                        <a href=routes::APP_SETTINGS>
                            "Settings"
                        </a>
                    </p>
                    <h1>"Members"</h1>
                </div>
            </header>
            {said}
            <FormProblem message=problems.of("member").or_else(|| problems.of("invitation"))/>
            {places}
            <section class="block narrow" aria-labelledby="people">
                <h2 id="people">"Who works here"</h2>
                <ul class="people" role="list">
                    {rows}
                </ul>
            </section>
            {invited}
            {invite}
        </Desk>
    }
}

/// How many places there are, and what it means that there is none left.
fn places(members: usize, waiting: usize, most: Option<usize>, is_owner: bool) -> impl IntoView {
    let are = |count: usize| if count == 1 { "is" } else { "are" };
    let kept = match waiting {
        0 => String::new(),
        1 => ", and 1 more is kept for an open invitation".to_owned(),
        more => format!(", and {more} more are kept for open invitations"),
    };
    let Some(most) = most else {
        return Either::Left(view! { <p class="quiet">"The plan has places for as many as you like."</p> });
    };
    let places = if most == 1 { "1 place".to_owned() } else { format!("{most} places") };
    let consequence = if members > most {
        " Everybody who is a member keeps their access, and nothing is lost. Nobody can be added until the plan has room."
    } else if members + waiting >= most {
        " To add somebody, change to a larger plan, or make room."
    } else {
        ""
    };
    let class = if members + waiting >= most { "notice small" } else { "quiet" };
    let plan = (is_owner && members + waiting >= most).then(|| {
        view! {
            " "
            <a href=routes::APP_PLAN>"See the plans"</a>
        }
    });
    Either::Right(view! {
        <p class=class>{format!("Of {places}, {members} {} taken{kept}.{consequence}", are(members))} {plan}</p>
    })
}

pub(super) const fn role_words(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owner",
        Role::Admin => "Admin",
        Role::Member => "Member",
    }
}

fn member(member: Member, formats: &Formats, is_owner: bool) -> impl IntoView + use<> {
    let Member { id, name, email, role, joined_at, last_seen_at, is_viewer } = member;
    let since = formats.date(formats.day_of(joined_at));
    let seen = match last_seen_at {
        Some(at) => format!("Here since {since}, last seen {}", formats.date_time(at)),
        None => format!("Here since {since}"),
    };
    // Nobody removes themselves here: leaving is on the page of one's own account.
    let may = !is_viewer && (is_owner || role != Role::Owner);
    let acts = may.then(|| acts(&id, &name, role, is_owner));
    let you = is_viewer.then_some(" (you)");
    view! {
        <li>
            <div class="who">
                <span class="number">
                    <bdi>{name}</bdi>
                    {you}
                </span>
                <p class="small quiet">
                    <MailLink address=email/>
                </p>
                <p class="small quiet">{seen}</p>
            </div>
            <Chip tone=Tone::Calm text=role_words(role)/>
            <div class="acts">{acts}</div>
        </li>
    }
}

/// What can be changed of a member, opened first: so removing asks once.
fn acts(id: &str, name: &str, role: Role, is_owner: bool) -> impl IntoView + use<> {
    let whom = format!(" {name}");
    let field = format!("role-{id}");
    let options = options(role.as_form_value(), is_owner);
    view! {
        <details class="more">
            <summary>
                "Change" <span class="visually-hidden">{whom.clone()}</span>
            </summary>
            <form class="form" method="post" action=routes::app_member_act(id, "role")>
                <div class="field">
                    <label for=field.clone()>"Role"</label>
                    <select id=field name="role">
                        {options}
                    </select>
                </div>
                <button class="button small">
                    "Change the role" <span class="visually-hidden">" of" {whom.clone()}</span>
                </button>
            </form>
            <form
                class="form"
                method="post"
                action=routes::app_member_act(id, "remove")
                data-at-once="gone"
            >
                <p class="small quiet">
                    "Removed, this person is out at once. What they did stays, and you can invite them again."
                </p>
                <button class="button small">
                    "Remove" <span class="visually-hidden">{whom}</span>
                </button>
            </form>
        </details>
    }
}

fn options(chosen: &str, is_owner: bool) -> impl IntoView + use<> {
    [
        (Role::Member, "Member: clients and invoices"),
        (Role::Admin, "Admin: settings and members besides"),
        (Role::Owner, "Owner: everything, the plan included"),
    ]
    .into_iter()
    .filter(|(role, _)| is_owner || *role != Role::Owner)
    .map(|(role, label)| {
        let value = role.as_form_value();
        let selected = value == chosen;
        view! {
            <option value=value selected=selected>
                {label}
            </option>
        }
    })
    .collect_view()
}

fn invited(invitations: Vec<Invitation>, formats: &Formats) -> impl IntoView + use<> {
    let rows = invitations.into_iter().map(|one| invitation(one, formats)).collect_view();
    view! {
        <section class="block narrow" aria-labelledby="invited">
            <h2 id="invited">"Invited"</h2>
            <ul class="people" role="list">
                {rows}
            </ul>
        </section>
    }
}

fn invitation(invitation: Invitation, formats: &Formats) -> impl IntoView + use<> {
    let Invitation { id, email, role, invited_by, expires_at, is_expired } = invitation;
    let until = formats.date_time(expires_at);
    let (tone, text, when) = if is_expired {
        (Tone::Late, format!("{}, expired", role_words(role)), format!("The link has expired on {until}."))
    } else {
        (Tone::Part, format!("{}, invited", role_words(role)), format!("The link works until {until}."))
    };
    let whom = format!(" for {email}");
    view! {
        <li>
            <div class="who">
                <bdi class="number">{email}</bdi>
                <p class="small quiet">
                    "Invited by " <bdi>{invited_by}</bdi> ". " {when}
                </p>
            </div>
            <Chip tone text/>
            <div class="acts">
                <form method="post" action=routes::app_invitation_act(&id, "send") data-at-once="">
                    <button class="button small">
                        "Send again" <span class="visually-hidden">{whom.clone()}</span>
                    </button>
                </form>
                <form method="post" action=routes::app_invitation_act(&id, "revoke") data-at-once="gone">
                    <button class="button small">
                        "Revoke" <span class="visually-hidden">{whom}</span>
                    </button>
                </form>
            </div>
        </li>
    }
}

fn invite(form: InviteForm, problems: &Problems) -> impl IntoView + use<> {
    let InviteForm { email, role } = form;
    view! {
        <section class="block narrow" aria-labelledby="invite">
            <h2 id="invite">"Invite somebody"</h2>
            <form class="form" method="post" action=routes::APP_MEMBERS>
                <TextField
                    name="email"
                    label="E-mail address"
                    kind="email"
                    value=email
                    problem=problems.of("email")
                    maxlength=254
                    hint="They get a link, and set their own password if they have no account yet."
                />
                <div class="field">
                    <label for="role">"Role"</label>
                    <select id="role" name="role">
                        {options(&role, false)}
                    </select>
                </div>
                <div class="acts">
                    <button class="button primary">"Send the invitation"</button>
                </div>
            </form>
        </section>
    }
}
