/** Assembly Bill 1747 in our own words: a reason on every inquiry, and no immigration use. */
export const california = `# California, modelled in our own words on Assembly Bill 1747 (2019). For demonstration; not legal advice.
policy: CA
version: 1
effective: 2021-07-01
title: California, modelled on AB 1747
note: Modelled in Weir's words for demonstration; not legal advice and not California's own rules. CA-3, CA-12, CA-13 and CA-14 are invented.
cites: [AB 1747 (2019)]
rules:
  - id: CA-1
    title: Law enforcement may read driver and vehicle records
    release:
      data: [licenceStatus, licenceNumber, name, birthDate, description, address, signature, driverHistory, vehicleRegistration, registeredOwner]
      to: { criminalJustice: yes }
  - id: CA-2
    title: Motor-vehicle agencies may read driver records to issue licences
    release: { data: [licenceStatus, licenceNumber, name, birthDate, description, driverHistory], to: { mission: motorVehicles }, for: licensing }
  - id: CA-3
    title: Law enforcement may see the photo for work on crime, traffic and safety
    release:
      data: photo
      to: { criminalJustice: yes }
      for: [trafficEnforcement, criminalInvestigation, violentCrime, narcotics, fraud, theft, missingPerson, officerSafety, emergency, warrantService, courtProceeding, borderInspection]
  - id: CA-10
    title: Every inquiry must say why it is made
    cites: [AB 1747 (2019), in force 1 July 2021]
    deny: { data: all, for: notStated }
  - id: CA-11
    title: No use for immigration enforcement without a judge's warrant
    cites: [AB 1747 (2019), in force 1 January 2020]
    deny: { data: all, for: civilImmigration, unless: { warrant: courtConfirmed, court: [articleThree, federalMagistrate, stateCourt] } }
  - id: CA-12
    title: A person reviews requests of immigration agencies that have no case number
    hold:
      data: [photo, address, signature, driverHistory, vehicleRegistration, registeredOwner]
      to: { mission: immigrationEnforcement }
      unless:
        - { caseNumber: numbered }
        - { for: borderInspection }
      review: { by: justiceDataDesk, within: 8h, onTimeout: deny }
  - id: CA-13
    title: A search by name needs a case number
    deny: { data: all, when: { query: nameSearch }, unless: { caseNumber: numbered } }
  - id: CA-14
    title: A search by part of a plate shows the county and not the address
    release: { data: registeredOwner, treat: { registeredOwner: county }, to: { criminalJustice: yes }, when: { query: plateSearch } }
notify:
  - id: CA-50
    title: The owner is told of each request of an immigration agency
    when: { to: { mission: immigrationEnforcement } }
    who: owner
    within: 1d
`;
