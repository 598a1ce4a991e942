import { templateWith } from './fromTemplate.ts';

/** Assembly Bill 1747: a reason on every inquiry, and no immigration use; and a person where an immigration agency names no case. */
export const california = (): string => templateWith('california', 'CA', more);

const more = `policy: CA
version: 1
effective: 2021-07-01
title: California, modelled on AB 1747
note: In the demonstration, CA-12, CA-13, CA-14, CA-16, CA-30, CA-31, CA-40, CA-50 and CA-C3 are invented.
rules:
  - id: CA-12
    title: A person reviews requests of immigration agencies that have no case number
    hold:
      data: [address, signature, driverHistory, vehicleRegistration, registeredOwner]
      to: { mission: immigrationEnforcement, criminalJustice: yes }
      unless:
        - { caseNumber: numbered }
        - { for: borderInspection }
      review: { by: justiceDataDesk, within: 8h, onTimeout: deny }
  - id: CA-16
    title: A person reviews requests of immigration agencies for photos that have no case number
    hold:
      data: photo
      to: { mission: immigrationEnforcement, criminalJustice: yes }
      for: [trafficEnforcement, criminalInvestigation, violentCrime, narcotics, fraud, theft, missingPerson, officerSafety, emergency, warrantService, courtProceeding]
      unless: { caseNumber: numbered }
      review: { by: justiceDataDesk, within: 8h, onTimeout: deny }
  - id: CA-13
    title: A search by name needs a case number
    deny: { data: all, when: { query: nameSearch }, unless: { caseNumber: numbered } }
  - id: CA-14
    title: A search by part of a plate shows the county and not the address
    release: { data: registeredOwner, treat: { registeredOwner: county }, to: { criminalJustice: yes }, when: { query: plateSearch } }
onward:
  - id: CA-30
    title: State and local police may pass data to their own parts, prosecutors and courts
    data: all
    via: [component, delegation, redissemination]
    allow: { when: { to: { criminalJustice: yes, level: [state, county, municipal, tribal, campus, special] } } }
  - id: CA-31
    title: Nothing may go to ICE under a 287(g) agreement
    data: all
    via: program287g
    allow: never
limits:
  - { id: CA-40, title: Each federal agency sees at most 200 photos a day, data: photo, to: { level: federal }, per: agency, max: 200/day, beyond: hold, review: { by: justiceDataDesk, within: 1d, onTimeout: deny } }
notify:
  - id: CA-50
    title: The owner is told of each request of an immigration agency
    when: { to: { mission: immigrationEnforcement } }
    who: owner
    within: 1d
claims:
  - id: CA-C3
    title: No federal agency that enforces immigration law gets a photo, an address or a plate by itself without a case number, but at the border
    never:
      to: { mission: immigrationEnforcement, level: federal }
      data: [photo, address, driverHistory, vehicleRegistration, registeredOwner]
      without:
        - { caseNumber: numbered }
        - { for: borderInspection }
      by: direct
      review: suffices
`;
