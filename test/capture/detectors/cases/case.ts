import type { Fault, Severity } from '../../../../src/capture/detectors/detector.ts'
import type { CaptureDraft } from '../../../support/a-capture.ts'

/** What a detector is measured by: written from its rule. */
export interface DetectorCases {
  /** Each must be found, where it can be applied. */
  mutations: readonly [Mutation, Mutation, Mutation, ...Mutation[]]
  /** Each must be met with silence. */
  nearMisses: readonly [NearMiss, NearMiss, ...NearMiss[]]
}

export interface Mutation {
  name: string
  /**
   * The clean capture of one recorded exchange (or of a recorded session's turns), spoilt; null where it does not
   * have what is to be spoilt. Gives a copy (`edited`), never changes what it is given.
   */
  apply(clean: CaptureDraft): CaptureDraft | null
  expects: { fault: Fault | null; severity?: Severity }
}

export interface NearMiss {
  name: string
  apply(clean: CaptureDraft): CaptureDraft | null
}
