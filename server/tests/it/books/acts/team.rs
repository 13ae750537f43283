//! What only some may change: the org, its plan, and what its members may do.

use super::{Act, Draw, SAVED, act};

/// Prefix and days to pay, for admins and owners.
pub(super) fn save_org(draw: &mut Draw<'_>) -> Act {
    let (own, version) = (draw.own, draw.version(Some(draw.own.version)));
    let prefix = format!("{}-{}", own.slug, *draw.dice.pick(&["", "x-", "y-"]));
    let days = draw.dice.between(0, 30);
    let expected = match draw.role {
        "member" => "FORBIDDEN",
        _ if version != own.version => "version CHANGED",
        _ => "done",
    };
    let input = format!(
        "{{ name: \"{0}\", email: \"\", address: \"\", taxId: \"\", locale: \"en-GB\", timeZone: \"Europe/Berlin\", \
         accent: \"#1f5f4a\", paymentInstructions: \"\", invoicePrefix: \"{prefix}\", paymentDays: \"{days}\" }}",
        own.slug
    );
    act(format!("teamSaveOrg(version: {version}, input: {input}) {SAVED}"), expected, move |org, _| {
        (org.prefix, org.payment_days, org.version) = (prefix, days, org.version + 1);
        org.log("org.changed");
    })
}

/// For owners.
pub(super) fn set_plan(draw: &mut Draw<'_>) -> Act {
    let plan = *draw.dice.pick(&["free", "studio", "agency"]);
    let expected = match draw.role {
        "owner" if plan == draw.own.plan => "nothing",
        "owner" => "done",
        _ => "FORBIDDEN",
    };
    act(format!("teamSetPlan(plan: {})", plan.to_uppercase()), expected, move |org, _| {
        (org.plan, org.version) = (plan, org.version + 1);
        org.log("org.plan_changed");
    })
}

/// For admins and owners, and of an owner for owners alone. There is one, who stays.
pub(super) fn set_role(draw: &mut Draw<'_>) -> Act {
    let id = draw.id(|org| org.members.iter().map(|member| member.id.clone()).collect());
    let role = *draw.dice.pick(&["admin", "member"]);
    let was = draw.own.members.iter().find(|member| member.id == id).map(|member| member.role);
    let expected = match (draw.role, was) {
        ("member", _) | ("admin", Some("owner")) => "FORBIDDEN",
        (_, None) => "NOT_FOUND",
        (_, Some("owner")) => "member LAST_OWNER",
        _ => "done",
    };
    let document = format!("teamSetMemberRole(id: \"{id}\", role: {}) {SAVED}", role.to_uppercase());
    act(document, expected, move |org, id| {
        if was != Some(role) {
            org.members.iter_mut().find(|member| member.id == id).unwrap().role = role;
            org.log("member.role_changed");
        }
    })
}
