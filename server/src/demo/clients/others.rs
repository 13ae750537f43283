//! Clients that are awkward in one way each: a long name, a name from right to left, nothing yet.

use crate::demo::table::{Client, Contact, Invoice, Line, OPEN, OUTSIDE, REVERSE, State, Visit, transfer};

pub(super) static SHIPPING_COMPANY: Client = Client {
    name: "Donaudampfschifffahrtsgesellschaft Vermögensverwaltungs- und Beteiligungs-GmbH & Co. KG",
    currency: "EUR",
    locale: Some("de-AT"),
    address: "Niederlassung Wien, Rechnungswesen und Beschaffung\nHandelskai 265\n1020 Wien\nÖsterreich",
    tax_id: "ATU68214409",
    since: 160,
    contacts: &[Contact {
        name: "Maximiliane Freifrau von Hohenstein-Waldburg",
        email: "buchhaltung.niederlassung-wien@donaudampfschifffahrt.example",
        portal_access: true,
    }],
    invoices: &[
        Invoice {
            issued: 133,
            terms: 60,
            title: "Fahrplanheft und Aushangfahrpläne für die Anlegestellen zwischen Passau und Budapest, \
                    Überarbeitung nach der dritten Korrektur",
            reference: "Bestellung 4500081736 / Kostenstelle 7710-22 / Frau Mag. Wimmer",
            currency: "EUR",
            notes: "Steuerschuldnerschaft des Leistungsempfängers.",
            lines: &[
                Line(
                    "Satz der Fahrplantabellen, zweisprachig, einschließlich Sonderfahrten",
                    64_000,
                    "page",
                    58_00,
                    REVERSE,
                ),
                Line("Korrekturläufe", 19_250, "h", 88_00, REVERSE),
            ],
            state: State::Sent(&[transfer(80, "4500081736")]),
        },
        Invoice {
            issued: 94,
            terms: 60,
            title: "Beschilderung der Anlegestellen",
            reference: "Bestellung 4500082210",
            currency: "EUR",
            notes: "",
            lines: &[
                Line("Leitsystem, Entwurf und Reinzeichnung", 132_000, "h", 95_00, REVERSE),
                Line("Schilder, emailliert", 46_000, "piece", 389_00, REVERSE),
                Line("Montageüberwachung", 9_000, "day", 860_00, REVERSE),
            ],
            state: OPEN,
        },
    ],
    visits: &[Visit {
        day: 92,
        contact: 0,
        browser: "Edge on Windows",
        network: "192.0.2.x",
        opened: &["Beschilderung der Anlegestellen"],
    }],
};

pub(super) static CAFE_NOA: Client = Client {
    name: "בית הקפה של נועה",
    currency: "ILS",
    locale: None,
    address: "רחוב שינקין 41\nתל אביב-יפו 6523217\nישראל",
    tax_id: "514882097",
    since: 75,
    contacts: &[Contact { name: "נועה כהן", email: "noa@cafenoa.example", portal_access: true }],
    invoices: &[
        Invoice {
            issued: 58,
            terms: 30,
            title: "תפריט ושילוט",
            reference: "הזמנה 118",
            currency: "ILS",
            notes: "",
            lines: &[
                Line("עיצוב תפריט, שתי שפות", 11_000, "h", 360_00, OUTSIDE),
                Line("Signs, drawings for the maker", 4_500, "h", 360_00, OUTSIDE),
            ],
            state: State::Sent(&[transfer(30, "118")]),
        },
        Invoice {
            issued: 16,
            terms: 30,
            title: "Website, עברית and English",
            reference: "",
            currency: "ILS",
            notes: "",
            lines: &[
                Line("Design", 9_000, "h", 360_00, OUTSIDE),
                Line("Development", 15_750, "h", 400_00, OUTSIDE),
            ],
            state: OPEN,
        },
    ],
    visits: &[Visit {
        day: 14,
        contact: 0,
        browser: "Chrome on Android",
        network: "2001:db8:904::/48",
        opened: &["Website, עברית and English"],
    }],
};

pub(super) static FRESH_START: Client = Client {
    name: "Fresh Start Bakery",
    currency: "EUR",
    locale: None,
    address: "Wrangelstraße 12\n10997 Berlin\nGermany",
    tax_id: "",
    since: 1,
    contacts: &[Contact { name: "Yusuf Demir", email: "new@freshstart.example", portal_access: true }],
    invoices: &[],
    visits: &[],
};
