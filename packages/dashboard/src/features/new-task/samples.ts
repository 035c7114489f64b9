export type Sample = { language: string; title: string; text: string };

/** Texts to try a summary with. */
export const samples: readonly Sample[] = [
  {
    language: "en",
    title: "Tides, in English",
    text: `Twice a day the sea leaves the harbour of Elvering, and twice a day it comes back. For the fishing boats this is a clock that nobody can wind: they go out with the ebb and wait outside until there is water under the keel again. Last winter the town began to use that clock for something else. In the old sluice below the bridge an engineer installed two slow turbines, each no louder than a washing machine.

They turn for about fourteen hours a day and supply the school, the library and sixty houses. The power is cheap but it comes when the moon decides, which is seldom at supper time. So the school heats its swimming pool at four in the morning, and the bakery moved its ovens to the same hour. What worried people most were the eels, which pass the sluice in autumn. A fence of bubbles now leads them around the blades, and in October the biologists counted more of them than in any year since 1998.`,
  },
  {
    language: "de",
    title: "Ein Dorfladen, auf Deutsch",
    text: `Als der letzte Laden im Dorf schloss, mussten die Leute von Unterried zwölf Kilometer fahren, um Brot zu kaufen. Zwei Jahre lang ging das so. Dann legten hundertdreißig Familien zusammen, mieteten die leere Post und eröffneten einen Laden, der ihnen selbst gehört. Er hat keine Kasse, an der jemand sitzt: Wer einkauft, schreibt in ein Heft und bezahlt am Monatsende.

Am Anfang hielten viele das für Leichtsinn. Doch nach einem Jahr fehlten ganze vierzig Euro, weniger als der Schaden durch eine defekte Kühltruhe. Wichtiger als die Waren ist für manche inzwischen die Bank vor der Tür. Dort wird gestritten, getröstet und Skat gespielt, und die Gemeinde hat deshalb beschlossen, den Bus künftig genau an dieser Stelle halten zu lassen.`,
  },
  {
    language: "es",
    title: "Un faro, en español",
    text: `El faro de Punta Lobos se apagó en 1987, cuando los barcos aprendieron a orientarse por satélite. Durante treinta años nadie subió sus ciento doce escalones, salvo las gaviotas. Después una pareja de jubilados pidió permiso para limpiar la lente, que pesa más que un coche, y el ayuntamiento se lo concedió porque no costaba nada.

Hoy la luz vuelve a girar los sábados por la noche. No guía a nadie, pero el pueblo ha descubierto que mucha gente viaja para verla. El hotel, que iba a cerrar, contrató a cuatro personas, y la escuela usa la torre para enseñar óptica. Los pescadores, que al principio se burlaban, admiten ahora que al volver de madrugada miran hacia allí antes que a la pantalla.`,
  },
];
