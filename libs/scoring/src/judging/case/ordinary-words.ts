/**
 * Words of two letters that sentences of the larger languages in Latin and Cyrillic letters begin with, so that a capital says
 * nothing: somebody may be called An, Do, He or Ma.
 */
const WORDS = `
  am an as at be by do go ha he hi if in is it me my no of oh ok on or so to up us we
  ab da du er es im ja ob um wo zu
  au ce de en et il je la le ma ne ni nu ou sa se si ta te tu un va vu
  al ao di ei el em eu há io lo mi na né os pé sé su tú ti ya yo ho
  ga ik op uw ze zo
  av då få gå på så vi åt
  co od po ty za że
  bu iş ki ve
  во вы да до за из их ко мы на не но ну об он от по со то ты эй
`;

const ORDINARY: ReadonlySet<string> = new Set(WORDS.trim().split(/\s+/));

export const isOrdinary = (word: string): boolean => ORDINARY.has(word.toLowerCase());
