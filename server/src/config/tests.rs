use super::*;

const GOOD: &[(&str, &str)] = &[
    ("PUBLIC_URL", "https://pay.example.org"),
    ("PORTAL_SESSION_SECRET", "portal-portal-portal-portal-portal"),
    ("TEAM_SESSION_SECRET", "team-team-team-team-team-team-team"),
    ("SHARE_LINK_SECRET", "share-share-share-share-share-share"),
    ("SMTP_URL", "smtps://mail.example.org"),
    ("MAIL_FROM", "portal@example.org"),
];

fn serve_with(changes: &[(&'static str, &'static str)]) -> Result<Config, ConfigError> {
    let get = |name: &'static str| {
        let all = changes.iter().chain(GOOD);
        all.clone().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    };
    Config::for_serve(&get)
}

#[test]
fn the_defaults_are_the_documented_ones() {
    let config = serve_with(&[]).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(config.database.url, "sqlite://data/postern.db");
    assert_eq!(config.magic_link_ttl, 15 * MINUTE);
    assert_eq!(config.portal_session_ttl, 7 * DAY);
}

#[test]
fn a_bad_value_is_refused_with_the_variables_name() {
    for (name, value) in [
        ("LISTEN", "3000"),
        ("PUBLIC_URL", ""),
        ("PUBLIC_URL", "pay.example.org"),
        ("PUBLIC_URL", "http://pay.example.org"),
        ("PUBLIC_URL", "https://pay.example.org/portal"),
        ("DATABASE_URL", "mysql://localhost/postern"),
        ("MIGRATE_DATABASE_URL", "postgres://owner@localhost/postern"),
        ("PORTAL_SESSION_SECRET", ""),
        ("PORTAL_SESSION_SECRET", "short"),
        ("PORTAL_SESSION_SECRET", "portal-portal-portal-portal-portal,short"),
        ("TEAM_SESSION_SECRET", "portal-portal-portal-portal-portal"),
        ("SHARE_LINK_SECRET", "team-team-team-team-team-team-team"),
        ("MAGIC_LINK_TTL", "16m"),
        ("MAGIC_LINK_TTL", "0s"),
        ("MAGIC_LINK_TTL", "soon"),
        ("PORTAL_SESSION_TTL", "1s"),
        ("SMTP_URL", ""),
        ("SMTP_URL", "mail.example.org:25"),
        ("MAIL_FROM", "not an address"),
        ("TRUSTED_PROXIES", "10.0.0.1, nonsense"),
        ("LOGIN_REQUESTS_PER_MINUTE", "0"),
        ("DATABASE_CONNECTIONS", "1"),
        ("DATABASE_CONNECTIONS", "many"),
        ("API_REQUESTS_PER_MINUTE", "10001"),
        ("WEBHOOK_TARGETS", "all"),
    ] {
        let refused = serve_with(&[(name, value)]).expect_err(name);
        assert_eq!(refused.name, name, "{value:?}: {refused}");
        // An address with a password in it is as secret as a secret. The other examples may happen to
        // contain what was typed.
        let may_be_secret = name.ends_with("_SECRET") || (name.ends_with("_URL") && name != "PUBLIC_URL");
        let repeated = !value.is_empty() && refused.problem.contains(value);
        assert!(!(may_be_secret && repeated), "the value is repeated: {refused}");
    }
}

#[test]
fn the_demo_needs_nothing() {
    let config = Config::for_demo(&|_| None).unwrap();
    assert_eq!(config.public_url.origin(), "http://127.0.0.1:3000");
    assert!(!config.public_url.is_https());
}

#[test]
fn the_public_url_is_written_as_browsers_write_it() {
    let url: PublicUrl = "https://Pay.Example.org:443/".parse().unwrap();
    assert_eq!((url.origin(), url.authority()), ("https://pay.example.org", "pay.example.org"));
    let url: PublicUrl = "http://localhost:8080".parse().unwrap();
    assert_eq!((url.authority(), url.is_loopback()), ("localhost:8080", true));
}
