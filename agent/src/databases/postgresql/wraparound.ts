/**
 * Transaction ids (and multixact ids) count to 2^32 and around; one may be at most 2^31 older than the newest. So 2^31 is
 * the limit that ages are a share of. PostgreSQL warns from 40 million before it (98 %) and refuses to give out ids
 * from 3 million before it (99.9 %), long after its own emergency vacuum at vacuum_failsafe_age (1.6 thousand million,
 * 75 %): at 90 % about 215 million ids are left.
 * https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND
 */
export const idLimit = 2 ** 31;

/** Share of the ids that are used up, by the age of the oldest; NaN where that is not known. */
export function usedIds(age: number): number {
  return age >= 0 ? age / idLimit : Number.NaN;
}
