import type { ReservedSql } from 'postgres';

/** The tables of the demonstration's records. The mapping of the SQL source names these columns. */
export async function createTables(sql: ReservedSql): Promise<void> {
  await sql.unsafe(`
    create table demo_meta (seed bigint not null, residents int not null, format int not null);
    create table driver (
      owner char(2) not null, licence_number text not null, surname text not null, given text not null, middle text not null, birth_date date not null, sex text not null,
      height int, weight int, eyes text, hair text, street text, city text, county text, state text not null, zip text,
      status text not null, licence_class text, issued date, expires date, restrictions text, endorsements text, ssn text, medical text,
      immigration_type text, immigration_number text, immigration_expires date, portrait int, signature int
    );
    create table vehicle (
      owner char(2) not null, plate text not null, plate_type text, plate_year text, vin text, make text, model text, style text, colour text, year text, expires date,
      licence_number text not null
    );
    create table history (owner char(2) not null, licence_number text not null, date date not null, kind text not null, code text not null, text text not null, jurisdiction text not null);
    create table picture (id int not null, media_type text not null, bytes bytea not null);
    alter table picture alter column bytes set storage external;
    create view vehicle_with_owner as
      select v.*, d.surname as owner_surname, d.given as owner_given, d.middle as owner_middle, d.street as owner_street, d.city as owner_city, d.county as owner_county,
        d.state as owner_state, d.zip as owner_zip
      from vehicle v join driver d on d.owner = v.owner and d.licence_number = v.licence_number;
  `);
}

export async function dropTables(sql: ReservedSql): Promise<void> {
  await sql.unsafe('drop view if exists vehicle_with_owner; drop table if exists demo_meta, driver, vehicle, history, picture');
}

/** Made after the copy: faster than one by one. */
export async function createIndexes(sql: ReservedSql, onProgress: (done: number, total: number) => void): Promise<void> {
  const steps = [
    'alter table driver add primary key (owner, licence_number)',
    'create index on driver (owner, surname, given, birth_date)',
    'alter table vehicle add primary key (owner, plate)',
    'create index on vehicle (owner, vin)',
    'create index on vehicle (owner, licence_number)',
    'create index on history (owner, licence_number)',
    'alter table picture add primary key (id)',
    'analyze driver, vehicle, history, picture',
  ];
  for (const [i, step] of steps.entries()) {
    await sql.unsafe(step);
    onProgress(i + 1, steps.length);
  }
}
