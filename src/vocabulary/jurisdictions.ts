/** The 56 jurisdictions that issue driver licences in the United States: 50 states, DC and five territories. USPS codes (ANSI INCITS 38). */
export const jurisdictions = {
  AK: 'Alaska', AL: 'Alabama', AR: 'Arkansas', AS: 'American Samoa', AZ: 'Arizona', CA: 'California', CO: 'Colorado',
  CT: 'Connecticut', DC: 'District of Columbia', DE: 'Delaware', FL: 'Florida', GA: 'Georgia', GU: 'Guam', HI: 'Hawaii',
  IA: 'Iowa', ID: 'Idaho', IL: 'Illinois', IN: 'Indiana', KS: 'Kansas', KY: 'Kentucky', LA: 'Louisiana', MA: 'Massachusetts',
  MD: 'Maryland', ME: 'Maine', MI: 'Michigan', MN: 'Minnesota', MO: 'Missouri', MP: 'Northern Mariana Islands',
  MS: 'Mississippi', MT: 'Montana', NC: 'North Carolina', ND: 'North Dakota', NE: 'Nebraska', NH: 'New Hampshire',
  NJ: 'New Jersey', NM: 'New Mexico', NV: 'Nevada', NY: 'New York', OH: 'Ohio', OK: 'Oklahoma', OR: 'Oregon',
  PA: 'Pennsylvania', PR: 'Puerto Rico', RI: 'Rhode Island', SC: 'South Carolina', SD: 'South Dakota', TN: 'Tennessee',
  TX: 'Texas', UT: 'Utah', VA: 'Virginia', VI: 'US Virgin Islands', VT: 'Vermont', WA: 'Washington', WI: 'Wisconsin',
  WV: 'West Virginia', WY: 'Wyoming',
} as const;

/** A two-letter code of a jurisdiction. */
export type Jurisdiction = keyof typeof jurisdictions;

export const allJurisdictions = Object.keys(jurisdictions) as readonly Jurisdiction[];

export function isJurisdiction(text: string): text is Jurisdiction {
  return Object.hasOwn(jurisdictions, text);
}

/** The plain name of a jurisdiction, or the code itself where it is none of the 56. */
export function jurisdictionName(code: string): string {
  return isJurisdiction(code) ? jurisdictions[code] : code;
}
