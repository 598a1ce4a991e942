import type { Migration } from '../migration.ts';

/**
 * The counters of volume limits. `taken` is live; `settled` is what the journal says up to the watermark. `span` is the calendar hour, day,
 * week or month. `limit_journal` has one row for each journal that was ever read here, named by its first entry, so that a counter that
 * several exchanges share is only ever set back by one that knows it is alone.
 *
 * `limit_take` gives back and then takes for many requests as one step. Places in `groups`, `counters`, `maxima` and `masks` belong together:
 * one claim each, the claims of one request side by side; a counter is named by its place in the first five lists, which the caller sorts, so
 * that no two calls wait for each other crosswise. A claim is granted where its counter is below the maximum and the classes (bits) that
 * used-up claims of the request withhold are not all of its own. All rows are locked before the first is read, and the lock holds to the commit.
 */
export const limitsMigration: Migration = {
  id: 6,
  name: 'limits',
  up: `
    create table limit_counter (
      owner text not null,
      rule text not null,
      key text not null,
      span text not null,
      ends_at timestamptz not null,
      taken int not null default 0 check (taken >= 0),
      settled int not null default 0 check (settled >= 0),
      primary key (owner, rule, key, span)
    ) with (fillfactor = 50);
    create index limit_counter_ends on limit_counter (ends_at);

    create table limit_journal (
      id text primary key,
      watermark bigint not null,
      last text not null,
      seen_at timestamptz not null default now()
    );

    create function limit_take(
      owners text[], rules text[], keys text[], spans text[], ends double precision[], back int[],
      groups int[], counters int[], maxima int[], masks int[],
      out used int[], out granted boolean[]
    ) language plpgsql as $$
    declare
      claims constant int := coalesce(array_length(groups, 1), 0);
      levels int[];
      first int := 1;
      last int;
      withheld int;
    begin
      used := '{}';
      granted := '{}';
      insert into limit_counter (owner, rule, key, span, ends_at)
        select i.owner, i.rule, i.key, i.span, to_timestamp(i.ends / 1000)
        from unnest(owners, rules, keys, spans, ends) with ordinality as i (owner, rule, key, span, ends, place) order by i.place
        on conflict do nothing;
      select array_agg(greatest(locked.taken - back[locked.place::int], 0) order by locked.place) into levels from (
        select i.place, c.taken
        from unnest(owners, rules, keys, spans) with ordinality as i (owner, rule, key, span, place)
        join limit_counter c on c.owner = i.owner and c.rule = i.rule and c.key = i.key and c.span = i.span
        order by i.place for update of c
      ) as locked;
      while first <= claims loop
        last := first;
        while last < claims and groups[last + 1] = groups[first] loop last := last + 1; end loop;
        withheld := 0;
        for i in first..last loop
          used[i] := levels[counters[i]];
          if used[i] >= maxima[i] then withheld := withheld | masks[i]; end if;
        end loop;
        for i in first..last loop
          granted[i] := used[i] < maxima[i] and (masks[i] & ~withheld) <> 0;
          if granted[i] then levels[counters[i]] := levels[counters[i]] + 1; end if;
        end loop;
        first := last + 1;
      end loop;
      update limit_counter c set taken = i.level
        from unnest(owners, rules, keys, spans, levels) as i (owner, rule, key, span, level)
        where c.owner = i.owner and c.rule = i.rule and c.key = i.key and c.span = i.span and c.taken <> i.level;
    end $$;
  `,
  down: `
    drop function limit_take;
    drop table limit_journal;
    drop table limit_counter;
  `,
};
