import { templateWith } from './fromTemplate.ts';

const finding = '[address, driverHistory, vehicleRegistration, registeredOwner]';

/** Vehicle and Traffic Law 201(12), the practice of January 2020 that locked agencies out of photos alone, and what closes the ways around it. */
export const newYork = (): string => templateWith('new-york', 'NY', more, ['NY-C2']);

const more = `policy: NY
version: 1
effective: 2019-12-14
title: New York, modelled on the Green Light Law
note: >-
  In the demonstration, agencies that have not certified are locked out of photos alone, as was reported in January 2020 (NY-5), and NY-12 to NY-15,
  NY-32 and NY-40 are invented.
rules:
  - id: NY-5
    title: Agencies that have not certified read records without the photo
    release:
      data: [licenceStatus, licenceNumber, name, birthDate, description, address, driverHistory, vehicleRegistration, registeredOwner]
      to: { criminalJustice: yes }
  - id: NY-12
    title: A person reviews requests of agencies whose officers may act for ICE
    hold:
      data: ${finding}
      to: { program287g: [taskForce, jail, warrantService, undeclared], criminalJustice: yes }
      unless: { warrant: courtConfirmed, court: articleThree }
      review: { by: motorVehiclesCounsel, within: 4h, onTimeout: deny }
  - id: NY-15
    title: A person reviews requests for photos of agencies that certified and whose officers may act for ICE
    hold:
      data: photo
      to: { program287g: [taskForce, jail, warrantService, undeclared], criminalJustice: yes, certified: noCivilImmigrationUse }
      unless: { warrant: courtConfirmed, court: articleThree }
      review: { by: motorVehiclesCounsel, within: 4h, onTimeout: deny }
  - id: NY-13
    title: A person reviews requests of agencies in an immigration task force
    hold:
      data: ${finding}
      to: { taskForce: [immigration, undeclared], criminalJustice: yes }
      unless: { caseNumber: numbered }
      review: { by: motorVehiclesCounsel, within: 4h, onTimeout: deny }
  - id: NY-14
    title: A search by name or part of a plate shows the county and not the address
    release:
      data: [address, registeredOwner]
      treat: { address: county, registeredOwner: county }
      to: { criminalJustice: yes }
      when: { query: [nameSearch, plateSearch] }
onward:
  - id: NY-32
    title: Nothing may be passed to agencies whose officers may act for ICE
    data: all
    via: [component, taskForce, fusionCentre, delegation, redissemination]
    allow: { when: { to: { program287g: none } } }
limits:
  - { id: NY-40, title: Each federal agency sees at most 100 photos a day, data: photo, to: { level: federal }, per: agency, max: 100/day, beyond: hold, review: { by: motorVehiclesCounsel, within: 1d, onTimeout: deny } }
claims:
  - id: NY-C5
    title: Only agencies that certified see photos and signatures, but on a federal judge's warrant
    cites: ['NY VTL 201(12)(b)']
    only: { to: { certified: noCivilImmigrationUse }, data: [photo, signature], without: { warrant: courtConfirmed, court: articleThree }, by: direct, domain: schema }
`;
