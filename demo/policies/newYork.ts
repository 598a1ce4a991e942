/** Vehicle and Traffic Law 201(12) in our own words, with what is not in it marked as invented. */
export const newYork = `# New York, modelled in our own words on Vehicle and Traffic Law 201(12). For demonstration; not legal advice.
policy: NY
version: 1
effective: 2019-12-14
title: New York, modelled on the Green Light Law
note: Modelled in Weir's words for demonstration; not legal advice and not New York's own rules. NY-12, NY-13 and NY-14 are invented.
cites: [NY VTL 201(12), 18 USC 2721(b)(1)]
rules:
  - id: NY-1
    title: Law enforcement may read driver and vehicle records
    release:
      data: [licenceStatus, licenceNumber, name, birthDate, description, address, driverHistory, vehicleRegistration, registeredOwner]
      to: { criminalJustice: yes }
  - id: NY-2
    title: Agencies that certified no use for civil immigration enforcement may see the photo
    cites: [NY VTL 201(12)(b)]
    release: { data: [photo, signature], to: { criminalJustice: yes, certified: noCivilImmigrationUse } }
  - id: NY-3
    title: An agency with a federal judge's warrant gets what the warrant is for
    cites: [NY VTL 201(12)(a)]
    release: { data: [photo, signature, immigrationDocuments], to: { criminalJustice: yes }, when: { warrant: courtConfirmed, court: articleThree } }
  - id: NY-4
    title: Motor-vehicle agencies may read driver records to issue licences
    release: { data: [licenceStatus, licenceNumber, name, birthDate, description, driverHistory], to: { mission: motorVehicles } }
  - id: NY-10
    title: Immigration agencies need a federal judge's warrant
    cites: [NY VTL 201(12)(a)]
    deny:
      data: all
      to: { mission: immigrationEnforcement }
      unless:
        - { warrant: courtConfirmed, court: articleThree }
        - { for: borderInspection, to: { mission: borderSecurity } }
  - id: NY-11
    title: Nobody gets records for civil immigration enforcement without a federal judge's warrant
    cites: [NY VTL 201(12)(a), NY VTL 201(12)(b)]
    deny: { data: all, for: civilImmigration, unless: { warrant: courtConfirmed, court: articleThree } }
  - id: NY-12
    title: A person reviews requests of agencies whose officers may act for ICE
    hold:
      data: [photo, address, driverHistory, registeredOwner]
      to: { program287g: [taskForce, jail, warrantService, undeclared] }
      unless: { caseNumber: numbered }
      review: { by: motorVehiclesCounsel, within: 4h, onTimeout: deny }
  - id: NY-13
    title: A person reviews requests of agencies in an immigration task force
    hold:
      data: [photo, address, driverHistory, registeredOwner]
      to: { taskForce: [immigration, undeclared] }
      unless: { caseNumber: numbered }
      review: { by: motorVehiclesCounsel, within: 4h, onTimeout: deny }
  - id: NY-14
    title: A search by name or part of a plate shows the county and not the address
    release:
      data: [address, registeredOwner]
      treat: { address: county, registeredOwner: county }
      to: { criminalJustice: yes }
      when: { query: [nameSearch, plateSearch] }
notify:
  - id: NY-50
    title: The person is told within three days when an immigration agency asks
    cites: [NY VTL 201(12)(a)]
    when: { to: { mission: immigrationEnforcement } }
    who: subject
    within: 3d
`;
