/** Where something was seen in a file, for people. */
export interface Sighting {
  line: number
  text: string
}
