//! What seeded orgs, clients and invoices are called, and how orgs in different countries work.

use super::sheet::TaxRate;

/// How an org in one country works.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Country {
    pub(super) locale: &'static str,
    pub(super) time_zone: &'static str,
    pub(super) currency: &'static str,
    /// Where it also sells to.
    pub(super) other_currency: &'static str,
    pub(super) accent: &'static str,
    pub(super) city: &'static str,
    /// The usual rate first.
    pub(super) taxes: [TaxRate; 2],
    /// What an hour of work costs, in minor units of the currency.
    pub(super) hour_minor: i64,
}

const fn vat(ppm: i64) -> TaxRate {
    TaxRate { label: "VAT", ppm }
}

pub(super) static COUNTRIES: [Country; 6] = [
    Country {
        locale: "en-GB",
        time_zone: "Europe/Berlin",
        currency: "EUR",
        other_currency: "USD",
        accent: "#1f5f4a",
        city: "10999 Berlin\nGermany",
        taxes: [vat(190_000), vat(70_000)],
        hour_minor: 9_500,
    },
    Country {
        locale: "sv-SE",
        time_zone: "Europe/Stockholm",
        currency: "SEK",
        other_currency: "EUR",
        accent: "#005b99",
        city: "116 30 Stockholm\nSweden",
        taxes: [TaxRate { label: "Moms", ppm: 250_000 }, TaxRate { label: "Moms", ppm: 60_000 }],
        hour_minor: 110_000,
    },
    Country {
        locale: "en-US",
        time_zone: "America/Los_Angeles",
        currency: "USD",
        other_currency: "EUR",
        accent: "#7a3e9d",
        city: "Portland, OR 97209\nUnited States",
        taxes: [TaxRate { label: "No tax", ppm: 0 }, TaxRate { label: "Sales tax", ppm: 88_750 }],
        hour_minor: 12_000,
    },
    Country {
        locale: "ja-JP",
        time_zone: "Asia/Tokyo",
        currency: "JPY",
        other_currency: "USD",
        accent: "#b3261e",
        city: "Shibuya, Tokyo 150-0001\nJapan",
        taxes: [TaxRate { label: "消費税", ppm: 100_000 }, TaxRate { label: "軽減税率", ppm: 80_000 }],
        hour_minor: 12_000,
    },
    Country {
        locale: "fr-CH",
        time_zone: "Europe/Zurich",
        currency: "CHF",
        other_currency: "EUR",
        accent: "#b4530a",
        city: "1204 Genève\nSwitzerland",
        taxes: [TaxRate { label: "TVA", ppm: 81_000 }, TaxRate { label: "TVA", ppm: 26_000 }],
        hour_minor: 14_000,
    },
    Country {
        locale: "en-GB",
        time_zone: "Asia/Kuwait",
        currency: "KWD",
        other_currency: "USD",
        accent: "#0b6e6e",
        city: "Salmiya 22003\nKuwait",
        taxes: [TaxRate { label: "No tax", ppm: 0 }, TaxRate { label: "Municipal levy", ppm: 25_000 }],
        hour_minor: 28_000,
    },
];

pub(super) static ORG_FIRST: [&str; 8] =
    ["Alder", "Birch", "Cedar", "Hazel", "Linden", "Maple", "Rowan", "Willow"];
pub(super) static ORG_SECOND: [&str; 6] =
    ["Studio", "Workshop", "& Partners", "Atelier", "Office", "Collective"];

pub(super) static CLIENT_FIRST: [&str; 16] = [
    "Bright", "Castle", "Copper", "Garden", "Granite", "Harvest", "Island", "Lantern", "Meadow", "Mill",
    "North", "Orchard", "Quarry", "River", "Summit", "Western",
];
pub(super) static CLIENT_SECOND: [&str; 14] = [
    "Bakery",
    "Books",
    "Brewing",
    "Ceramics",
    "Clinic",
    "Cycles",
    "Foods",
    "Furniture",
    "Instruments",
    "Kitchens",
    "Logistics",
    "Museum",
    "Textiles",
    "Theatre",
];

pub(super) static GIVEN: [&str; 12] =
    ["Amara", "Bruno", "Carla", "Dmitri", "Elif", "Farid", "Greta", "Hana", "Ines", "Jonas", "Kofi", "Lena"];
pub(super) static FAMILY: [&str; 12] = [
    "Andersson",
    "Baker",
    "Costa",
    "Dubois",
    "Eriksen",
    "Fischer",
    "García",
    "Haddad",
    "Ito",
    "Jansen",
    "Kowalska",
    "Lindqvist",
];

pub(super) static TITLES: [&str; 12] = [
    "Website care",
    "Catalogue photography",
    "Brand workshop",
    "Window lettering",
    "Newsletter, design and sending",
    "Annual report",
    "Online shop, next stage",
    "Exhibition graphics",
    "Packaging, second series",
    "Translation and proofreading",
    "Hosting and domains",
    "Training for the team",
];

/// Description, unit, and what one unit costs in hours of work.
pub(super) static LINES: [(&str, &str, i64); 12] = [
    ("Concept and first drafts", "h", 1),
    ("Design, final artwork", "h", 1),
    ("Photography on site", "day", 9),
    ("Image editing", "h", 1),
    ("Project management", "h", 1),
    ("Maintenance and updates", "month", 4),
    ("Workshop with preparation", "day", 12),
    ("Printing, handed on at cost", "lot", 7),
    ("Copywriting", "page", 2),
    ("Corrections after the second proof", "h", 1),
    ("Licence for the typeface", "licence", 3),
    ("Travel", "trip", 2),
];

pub(super) static BROWSERS: [&str; 5] =
    ["Firefox on Linux", "Chrome on Windows", "Safari on iPhone", "Safari on macOS", "Chrome on Android"];
pub(super) static NETWORKS: [&str; 4] = ["203.0.113.x", "198.51.100.x", "192.0.2.x", "2001:db8:2f::/48"];
