"""What the demonstration's programmes propose, in words and figures. Data only; places are described, never named."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True)
class ProposalStory:
    """
    One proposal and how it went.

    :ivar month: months after the story's beginning when it was tabled
    :ivar direct: direct cost in whole USD by category 1 to 7
    :ivar tranches: percent of the total, title, condition
    :ivar outcome: carried, rejected or open
    :ivar against: seats that vote to reject
    :ivar recused: seats that step aside
    :ivar returned_tranche: the tranche whose first payment the bank sent back
    :ivar waiting: the tranche that waits today, and the step it has reached: due, prepared or certified
    """

    key: str
    title: str
    region: str
    summary: str
    month: int
    months_long: int
    direct: tuple[int, int, int, int, int, int, int]
    blocks: tuple[int, int, int, int, int, int]
    tranches: tuple[tuple[int, str, str], ...]
    outcome: str = "carried"
    against: tuple[int, ...] = ()
    recused: tuple[int, ...] = ()
    absent: tuple[int, ...] = ()
    indirect_percent: Decimal = Decimal(7)
    returned_tranche: int = 0
    waiting: tuple[int, str] = (0, "")


# Percentages by building block: service delivery, workforce, information, medicines, financing, governance.
PROPOSALS: Final = (
    ProposalStory(
        key="newborn",
        title="Maternal and newborn care in county hospitals",
        region="Eleven northern counties",
        summary=(
            "Equips 62 delivery rooms, trains 310 midwives and keeps emergency obstetric drugs in stock for two years. "
            "Referral transport runs through the counties' own ambulances; supplies are delivered in kind."
        ),
        month=8,
        months_long=24,
        direct=(2_250_000, 7_470_000, 4_370_000, 1_430_000, 550_000, 0, 940_000),
        blocks=(45, 20, 5, 25, 0, 5),
        tranches=(
            (40, "Mobilisation and procurement", "On approval and signed programme document"),
            (35, "Delivery to eleven counties", "Third-party monitor confirms 60 % of kits delivered"),
            (25, "Completion", "Final narrative and certified financial report"),
        ),
    ),
    ProposalStory(
        key="coldchain",
        title="Vaccine cold chain, phase one",
        region="Nationwide, 180 county stores",
        summary=(
            "Replaces 410 refrigerators, adds temperature loggers read from afar and trains store keepers, so that "
            "routine vaccines keep their potency from the port to the last clinic."
        ),
        month=17,
        months_long=18,
        direct=(1_240_000, 2_640_000, 9_890_000, 870_000, 370_000, 0, 670_000),
        blocks=(20, 10, 15, 50, 0, 5),
        tranches=(
            (60, "Purchase and shipping", "On approval and signed programme document"),
            (40, "Installation", "Temperature records of 90 % of the first batch received"),
        ),
        against=(2,),
    ),
    ProposalStory(
        key="sportsclinic",
        title="Sports medicine centre in the capital",
        region="The capital",
        summary="Builds and equips a specialised centre for athletes. Benefits a narrow group of people.",
        month=24,
        months_long=12,
        direct=(300_000, 450_000, 1_900_000, 800_000, 90_000, 0, 120_000),
        blocks=(70, 15, 5, 10, 0, 0),
        tranches=((100, "Construction and equipment", "On approval and signed programme document"),),
        outcome="rejected",
        against=(1, 4, 5, 6, 8, 9),
    ),
    ProposalStory(
        key="tuberculosis",
        title="Tuberculosis diagnosis and treatment supply",
        region="All provinces",
        summary=(
            "Molecular tests for 48 laboratories and first- and second-line medicines for 29,000 patients, with a "
            "buffer of six months so that no treatment stops when a shipment waits at a border."
        ),
        month=30,
        months_long=24,
        direct=(1_400_000, 15_870_000, 3_330_000, 1_200_000, 480_000, 0, 830_000),
        blocks=(20, 10, 15, 50, 0, 5),
        tranches=(
            (50, "First year's supply", "On approval and signed programme document"),
            (30, "Second year's supply", "Stock report shows no break longer than 14 days"),
            (20, "Completion", "Final report and treatment outcomes by cohort"),
        ),
        recused=(7,),
    ),
    ProposalStory(
        key="laboratories",
        title="Pandemic preparedness: provincial laboratory network",
        region="Nine provinces",
        summary=(
            "Biosafety cabinets, sequencing in two reference laboratories and a sample transport system; staff trained "
            "with the regional institute. Early warning data are shared under the International Health Regulations."
        ),
        month=40,
        months_long=24,
        direct=(2_020_000, 4_720_000, 8_510_000, 2_160_000, 710_000, 0, 970_000),
        blocks=(10, 25, 40, 15, 0, 10),
        tranches=(
            (45, "Equipment", "On approval and signed programme document"),
            (35, "Training and first year", "External quality assessment passed by six laboratories"),
            (20, "Second year", "Annual report accepted"),
        ),
        returned_tranche=2,
        waiting=(3, "due"),
    ),
    ProposalStory(
        key="medicines",
        title="Essential medicines for household doctors",
        region="Seventy rural counties",
        summary=(
            "Medicine kits for 4,600 household doctors each quarter, with a stock card that comes back before the next "
            "kit leaves. Procured offshore and delivered in kind."
        ),
        month=43,
        months_long=24,
        direct=(970_000, 17_940_000, 600_000, 1_400_000, 410_000, 0, 760_000),
        blocks=(25, 5, 10, 55, 0, 5),
        tranches=(
            (30, "First three quarters", "On approval and signed programme document"),
            (40, "Next three quarters", "Stock cards returned for 80 % of kits"),
            (30, "Last two quarters", "Stock cards returned for 85 % of kits"),
        ),
        waiting=(3, "prepared"),
    ),
    ProposalStory(
        key="midwives",
        title="Midwifery schools and clinical mentors",
        region="Four provinces",
        summary=(
            "Curriculum, skills laboratories and 96 clinical mentors for four midwifery schools; 1,150 graduates over "
            "three years who stay in county hospitals."
        ),
        month=49,
        months_long=30,
        direct=(3_330_000, 1_430_000, 1_790_000, 1_240_000, 970_000, 800_000, 600_000),
        blocks=(15, 65, 5, 5, 0, 10),
        tranches=(
            (35, "First school year", "On approval and signed programme document"),
            (35, "Second school year", "Examination results of the first intake reported"),
            (30, "Third school year", "Annual report accepted"),
        ),
        absent=(3,),
        waiting=(2, "certified"),
    ),
    ProposalStory(
        key="nutrition",
        title="Treatment of acute malnutrition in children",
        region="Five eastern provinces",
        summary=(
            "Therapeutic food and training for 210 treatment sites; 44,000 children under five screened each quarter, "
            "with results by county."
        ),
        month=52,
        months_long=18,
        direct=(1_590_000, 11_270_000, 710_000, 1_030_000, 600_000, 0, 710_000),
        blocks=(40, 15, 10, 30, 0, 5),
        tranches=(
            (50, "First nine months", "On approval and signed programme document"),
            (50, "Last nine months", "Cure rate of at least 75 % in the first two quarters"),
        ),
        recused=(9,),
    ),
    ProposalStory(
        key="oxygen",
        title="Medical oxygen for provincial hospitals",
        region="Ten provincial hospitals",
        summary=(
            "Pressure-swing oxygen plants, piping and training of biomedical technicians in ten provincial hospitals; "
            "maintenance contracts for five years."
        ),
        month=56,
        months_long=18,
        direct=(870_000, 1_240_000, 7_590_000, 1_660_000, 340_000, 0, 550_000),
        blocks=(40, 10, 5, 35, 0, 10),
        tranches=(
            (55, "Plants and shipping", "On approval and signed programme document"),
            (45, "Installation and training", "Six plants deliver oxygen at 93 % purity"),
        ),
    ),
    ProposalStory(
        key="winter",
        title="Clean water and winter supplies for county hospitals",
        region="Eleven northern counties",
        summary=(
            "Repairs 37 gravity-fed water systems of county hospitals and delivers 14,200 winter kits before the first "
            "frost. All procurement is monitored by a third party."
        ),
        month=60,
        months_long=12,
        direct=(310_000, 1_620_000, 980_000, 640_000, 130_000, 0, 290_000),
        blocks=(55, 10, 5, 20, 0, 10),
        tranches=(
            (40, "Mobilisation and procurement", "On approval and signed programme document"),
            (35, "Delivery to eleven counties", "Third-party monitor confirms 60 % of kits delivered"),
            (25, "Completion and audit", "Final narrative, financial report and audit certificate"),
        ),
        outcome="open",
        recused=(8,),
        against=(2,),
        absent=(4, 6),
    ),
)

FINDINGS: Final[dict[str, str]] = {
    "humanity": "Addresses suffering that the needs overview ranks among the most severe; no one is charged for care.",
    "neutrality": "No supplier is owned by a party to the dispute, and no item carries the marks of any authority.",
    "impartiality": "Places are chosen by published need scores alone; there is no political or residence criterion.",
    "independence": "The list of sites was drawn up by the organisation and checked by the third-party monitor.",
}
