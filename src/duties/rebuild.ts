import type { TransactionSql } from 'postgres';
import type { ActEntry } from '../model/index.ts';
import { followActs, type ActFollower } from '../store/actFollower.ts';
import { rebuildRecertification, recertificationActs } from './agencies/rebuild.ts';
import { certificationActs, rebuildCertification } from './certifications/rebuild.ts';
import { rebuildReview, reviewActs } from './reviews/rebuild.ts';
import type { Room } from './parts.ts';

/**
 * Reads certifications, reviews of users and re-certifications from the ledger, as far as it is durable. What the rows have already is not touched, so that it costs nothing but the reading
 * where nothing was lost. Returns how many acts were read.
 */
export async function catchUpDuties(room: Room): Promise<number> {
  return room.journal === null ? 0 : await followActs(room.sql, room.journal, followerOf(room));
}

function followerOf(room: Room): ActFollower {
  return {
    name: 'duty', failed: true, acts: [...certificationActs, ...reviewActs, ...recertificationActs],
    apply: async (tx, act) => {
      // Only what is overdue is told by an act that failed.
      if (act.result !== 'done' && act.act !== 'userReviewClosed' && act.act !== 'recertificationClosed') return;
      await ruleOf(act)?.(tx, room, act);
    },
  };
}

type Rebuild = (tx: TransactionSql, room: Room, act: ActEntry) => Promise<void>;

function ruleOf({ act }: ActEntry): Rebuild | null {
  if (isOne(certificationActs, act)) return rebuildCertification;
  if (isOne(reviewActs, act)) return rebuildReview;
  return isOne(recertificationActs, act) ? rebuildRecertification : null;
}

function isOne(words: readonly string[], act: string): boolean {
  return words.includes(act);
}
