/** Takes epoch ms or null; gives how jobs show it: a full date-time, although the vendor's schema says `date`. */
export function timestamp<T extends number | null>(time: T): T extends number ? string : string | null
export function timestamp(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString()
}
