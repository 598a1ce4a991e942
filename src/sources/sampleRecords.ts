import type { Dialect } from './layout.ts';

type Value = string | number | Uint8Array | null;
export type SampleRow = Readonly<Record<string, Value>>;

/** Two small pictures: the first bytes are real, the rest is not looked at. */
export const portrait = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 1, 2, 255);
export const signature = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 9, 8, 7, 0);

const nobody: SampleRow = {
  middle: null, sex: 'F', height: 65, weight: 130, eyes: 'GRN', hair: 'BRO', street: '9 ELM ST', city: 'RIVERTON', county: 'KING', state: 'WA', zip: '98001',
  status: 'LIC', licence_class: 'D', issued: '2021-03-14', expires: '2027-03-14', restrictions: null, endorsements: null, ssn: null, medical: null,
  immigration_type: null, immigration_number: null, immigration_expires: null, portrait: null, signature: null,
};

/** Invented people, in the tables of the demonstration's record store. Two owners use the same licence number and the same plate. */
export const drivers: readonly SampleRow[] = [
  {
    ...nobody, owner: 'WA', licence_number: 'WDL0000001', surname: 'SAMPLE', given: 'ALEX', middle: 'JAY', birth_date: '1980-02-29', sex: 'M', height: 70, weight: 180,
    eyes: 'BRO', hair: 'BLK', street: '12 OAK AVE', restrictions: 'B, C', endorsements: 'M', ssn: '900-12-3456', medical: 'INSULIN,HEARING AID',
    immigration_type: 'I-551', immigration_number: 'A000000001', immigration_expires: '2030-12-31', portrait: 1, signature: 2,
  },
  { ...nobody, owner: 'OR', licence_number: 'WDL0000001', surname: 'OTHER', given: 'PAT', birth_date: '1991-07-01', state: 'OR', zip: '97001' },
  { ...nobody, owner: 'WA', licence_number: 'WDL0000002', surname: 'SAMPLE', given: 'ALEXA', birth_date: '1999-12-31' },
  { ...nobody, owner: 'WA', licence_number: 'WDL0000003', surname: 'SAMPLE', given: 'ALEX', birth_date: '1980-02-28', sex: 'M' },
  { ...nobody, owner: 'OR', licence_number: 'ODL0000004', surname: 'SAMPLE', given: 'ALEX', birth_date: '1980-02-29', sex: 'F', state: 'OR' },
  { ...nobody, owner: 'WA', licence_number: 'WDL0000005', surname: "O'HARE", given: 'SAM%', birth_date: '1970-01-01', sex: 'X' },
  { ...nobody, owner: 'WA', licence_number: 'WDL0000006', surname: "O'HARE", given: 'SAMUEL', birth_date: '1970-01-02', sex: 'M' },
  { ...nobody, owner: 'WA', licence_number: 'WDL0000007', surname: 'BARE', given: null, birth_date: null, sex: null, height: null, weight: null, eyes: null, hair: null, state: null, status: null },
];

const car: SampleRow = { plate_type: 'PC', plate_year: '2026', model: null, style: '4D', colour: 'BLU', year: '2015', expires: '2026-11-30' };

export const vehicles: readonly SampleRow[] = [
  { ...car, owner: 'WA', plate: 'ABC1234', vin: '1WEIR00000000001A', make: 'FORD', model: 'FUS', licence_number: 'WDL0000001' },
  { ...car, owner: 'OR', plate: 'ABC1234', vin: '1WEIR00000000002B', make: 'TOYT', licence_number: 'WDL0000001' },
  { ...car, owner: 'WA', plate: 'ABD1234', vin: '1WEIR00000000003C', make: 'HOND', licence_number: 'WDL0000002', plate_type: 'TK' },
  { ...car, owner: 'WA', plate: 'A%C!_99', vin: '1WEIR00000000004D', make: 'HOND', licence_number: 'WDL0000003' },
  { ...car, owner: 'WA', plate: 'XYZ0001', vin: '1WEIR00000000005E', make: 'FORD', licence_number: 'NOBODY' },
];

export const history: readonly SampleRow[] = [
  { owner: 'WA', licence_number: 'WDL0000001', date: '2019-06-02', kind: 'conviction', code: 'S92', text: 'SPEEDING "15 OVER", \\ ZONE', jurisdiction: 'WA' },
  { owner: 'WA', licence_number: 'WDL0000001', date: '2022-01-09', kind: 'accident', code: 'U01', text: 'PROPERTY DAMAGE', jurisdiction: 'OR' },
  { owner: 'OR', licence_number: 'WDL0000001', date: '2020-05-05', kind: 'withdrawal', code: 'W01', text: 'UNPAID FINE', jurisdiction: 'OR' },
];

export const pictures: readonly SampleRow[] = [
  { id: 1, media_type: 'image/png', bytes: portrait },
  { id: 2, media_type: 'image/jpeg', bytes: signature },
];

/** The statements that make the tables. Both dialects spell everything but bytes alike. */
export function sampleTables(dialect: Dialect): readonly string[] {
  const bytes = dialect === 'postgres' ? 'bytea' : 'blob';
  return [
    `create table driver (owner char(2) not null, licence_number varchar(25) not null, surname varchar(60), given varchar(60), middle varchar(60), birth_date date, sex char(1),
      height int, weight int, eyes char(5), hair varchar(5), street varchar(60), city varchar(60), county varchar(60), state char(4), zip varchar(10), status char(3),
      licence_class varchar(5), issued date, expires date, restrictions text, endorsements text, ssn varchar(11), medical text, immigration_type varchar(20),
      immigration_number varchar(20), immigration_expires date, portrait int, signature int, primary key (owner, licence_number))`,
    'create index driver_by_name on driver (owner, surname, given, birth_date)',
    `create table vehicle (owner char(2) not null, plate varchar(10) not null, plate_type char(2), plate_year char(4), vin varchar(20), make varchar(24), model varchar(24),
      style varchar(4), colour varchar(7), year char(4), expires date, licence_number varchar(25), primary key (owner, plate))`,
    'create index vehicle_by_vin on vehicle (owner, vin)',
    'create table history (owner char(2) not null, licence_number varchar(25) not null, date date, kind varchar(20), code varchar(10), text varchar(200), jurisdiction char(2))',
    `create table picture (id int primary key, media_type varchar(20), bytes ${bytes})`,
    `create view vehicle_with_owner as select v.*, d.surname as owner_surname, d.given as owner_given, d.middle as owner_middle, d.street as owner_street, d.city as owner_city,
      d.county as owner_county, d.state as owner_state, d.zip as owner_zip from vehicle v left join driver d on d.owner = v.owner and d.licence_number = v.licence_number`,
  ];
}

export const sampleRows: readonly (readonly [string, readonly SampleRow[]])[] = [['driver', drivers], ['vehicle', vehicles], ['history', history], ['picture', pictures]];
