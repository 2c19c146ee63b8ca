// SELECT_MFA_TYPE: the user chooses one of several second factors.
import type { ChallengePage } from '../challenge-page.ts'
import { Choices } from '../factor-fields.tsx'
import { factorLabels } from './factor-labels.ts'

export const selectFactorPage: ChallengePage = {
  path: '/mfaoptions',
  title: () => 'chooseFactor',
  fields: (frame, { parameters }) => (
    <Choices frame={frame} of={JSON.parse(parameters['MFAS_CAN_CHOOSE'] ?? '[]')} labels={factorLabels} />
  ),
  answers: (form) => ({ ANSWER: form.get('answer') ?? '' }),
}
