"""What PostgreSQL refuses by itself: changed letters, one shipment too many, more than the list, two programmes."""

from django.db import migrations

from trustfund.core.db import append_only

# What an exemption is stays; only that it was revoked is added, once.
EXEMPTION = """
CREATE FUNCTION refuse_other_exemption() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'An exemption is never removed.'
            USING ERRCODE = 'TF420', CONSTRAINT = 'an_exemption_serves_one_programme';
    END IF;
    IF (NEW.id, NEW.reference, NEW.programme_id, NEW.title, NEW.recorded_by_id, NEW.recorded_at)
        IS DISTINCT FROM (OLD.id, OLD.reference, OLD.programme_id, OLD.title, OLD.recorded_by_id, OLD.recorded_at)
        OR OLD.revoked_on IS NOT NULL THEN
        RAISE EXCEPTION 'An exemption serves the programme that it was granted for.'
            USING ERRCODE = 'TF420', CONSTRAINT = 'an_exemption_serves_one_programme';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER an_exemption_serves_one_programme_always BEFORE UPDATE OR DELETE ON disbursements_exemption
    FOR EACH ROW EXECUTE FUNCTION refuse_other_exemption();
ALTER TABLE disbursements_exemption ENABLE ALWAYS TRIGGER an_exemption_serves_one_programme_always;
"""

NOT_EXEMPTION = """
DROP TRIGGER an_exemption_serves_one_programme_always ON disbursements_exemption;
DROP FUNCTION refuse_other_exemption();
"""

# The exemption is locked before anything is counted, so that two shipments planned at once count each other.
SHIPMENT = """
CREATE FUNCTION refuse_shipment_beyond_the_letter() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    allowed integer;
    made integer;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A shipment is never removed; it is called off.'
            USING ERRCODE = 'TF421', CONSTRAINT = 'a_shipment_stays_as_planned';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.id, NEW.reference, NEW.exemption_id, NEW.carrier, NEW.way, NEW.departs_on, NEW.arrives_on,
            NEW.override_id, NEW.planned_by_id, NEW.planned_at)
            IS DISTINCT FROM (OLD.id, OLD.reference, OLD.exemption_id, OLD.carrier, OLD.way, OLD.departs_on,
                              OLD.arrives_on, OLD.override_id, OLD.planned_by_id, OLD.planned_at)
            OR OLD.status IN ('arrived', 'called_off')
            OR (OLD.status = 'departed' AND NEW.status <> 'arrived') THEN
            RAISE EXCEPTION 'A shipment stays as it was planned; only how far it has come changes.'
                USING ERRCODE = 'TF421', CONSTRAINT = 'a_shipment_stays_as_planned';
        END IF;
        RETURN NEW;
    END IF;
    PERFORM 1 FROM disbursements_exemption WHERE id = NEW.exemption_id FOR UPDATE;
    SELECT shipments_allowed INTO allowed FROM disbursements_exemptionletter
        WHERE exemption_id = NEW.exemption_id ORDER BY number DESC LIMIT 1;
    SELECT count(*) INTO made FROM disbursements_shipment
        WHERE exemption_id = NEW.exemption_id AND status <> 'called_off';
    IF made >= COALESCE(allowed, 0) AND NOT EXISTS (
        SELECT FROM disbursements_override
        WHERE id = NEW.override_id AND exemption_id = NEW.exemption_id AND status = 'granted' AND plan IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'The letter allows no further shipment.'
            USING ERRCODE = 'TF422', CONSTRAINT = 'no_shipment_beyond_the_letter';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER no_shipment_beyond_the_letter_always BEFORE INSERT OR UPDATE OR DELETE ON disbursements_shipment
    FOR EACH ROW EXECUTE FUNCTION refuse_shipment_beyond_the_letter();
ALTER TABLE disbursements_shipment ENABLE ALWAYS TRIGGER no_shipment_beyond_the_letter_always;

CREATE FUNCTION refuse_more_than_the_list() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    voyage disbursements_shipment%ROWTYPE;
    line disbursements_exemptionitem%ROWTYPE;
    owner uuid;
    listed numeric;
    taken numeric;
BEGIN
    SELECT * INTO voyage FROM disbursements_shipment WHERE id = NEW.shipment_id;
    PERFORM 1 FROM disbursements_exemption WHERE id = voyage.exemption_id FOR UPDATE;
    SELECT * INTO line FROM disbursements_exemptionitem WHERE id = NEW.item_id;
    SELECT exemption_id INTO owner FROM disbursements_exemptionletter WHERE id = line.letter_id;
    IF owner IS DISTINCT FROM voyage.exemption_id THEN
        RAISE EXCEPTION 'A shipment carries what is on the list of its own exemption.'
            USING ERRCODE = 'TF423', CONSTRAINT = 'no_goods_beyond_the_list';
    END IF;
    IF voyage.override_id IS NOT NULL THEN
        RETURN NEW;
    END IF;
    SELECT item.quantity INTO listed FROM disbursements_exemptionitem AS item
        JOIN disbursements_exemptionletter AS letter ON letter.id = item.letter_id
        WHERE letter.exemption_id = voyage.exemption_id AND item.number = line.number
          AND letter.number = (SELECT max(number) FROM disbursements_exemptionletter
                               WHERE exemption_id = voyage.exemption_id);
    SELECT COALESCE(sum(other.quantity), 0) INTO taken FROM disbursements_shipmentitem AS other
        JOIN disbursements_exemptionitem AS item ON item.id = other.item_id
        JOIN disbursements_shipment AS shipment ON shipment.id = other.shipment_id
        WHERE shipment.exemption_id = voyage.exemption_id AND shipment.status <> 'called_off'
          AND item.number = line.number;
    IF listed IS NULL OR taken + NEW.quantity > listed THEN
        RAISE EXCEPTION 'No more of an item is shipped than the letter lists.'
            USING ERRCODE = 'TF423', CONSTRAINT = 'no_goods_beyond_the_list';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER no_goods_beyond_the_list_always BEFORE INSERT ON disbursements_shipmentitem
    FOR EACH ROW EXECUTE FUNCTION refuse_more_than_the_list();
ALTER TABLE disbursements_shipmentitem ENABLE ALWAYS TRIGGER no_goods_beyond_the_list_always;
"""

NOT_SHIPMENT = """
DROP TRIGGER no_goods_beyond_the_list_always ON disbursements_shipmentitem;
DROP FUNCTION refuse_more_than_the_list();
DROP TRIGGER no_shipment_beyond_the_letter_always ON disbursements_shipment;
DROP FUNCTION refuse_shipment_beyond_the_letter();
"""

# No decision opens this one: a letter names one programme.
GOODS = """
CREATE FUNCTION refuse_goods_of_another_programme() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.exemption_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM disbursements_tranche AS tranche
        JOIN disbursements_proposal AS proposal ON proposal.id = tranche.proposal_id
        JOIN disbursements_exemption AS exemption ON exemption.programme_id = proposal.programme_id
        WHERE tranche.id = NEW.tranche_id AND exemption.id = NEW.exemption_id
    ) THEN
        RAISE EXCEPTION 'An exemption serves the programme that it was granted for.'
            USING ERRCODE = 'TF420', CONSTRAINT = 'an_exemption_serves_one_programme';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER goods_are_of_the_same_programme_always BEFORE INSERT ON disbursements_goodsdeclaration
    FOR EACH ROW EXECUTE FUNCTION refuse_goods_of_another_programme();
ALTER TABLE disbursements_goodsdeclaration ENABLE ALWAYS TRIGGER goods_are_of_the_same_programme_always;

CREATE FUNCTION refuse_goods_of_another_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM disbursements_goodsdeclaration AS declaration
        JOIN disbursements_exemptionletter AS letter ON letter.exemption_id = declaration.exemption_id
        JOIN disbursements_exemptionitem AS item ON item.letter_id = letter.id
        WHERE declaration.id = NEW.declaration_id AND item.id = NEW.item_id
    ) THEN
        RAISE EXCEPTION 'A tranche pays for items of the exemption that it names.'
            USING ERRCODE = 'TF424', CONSTRAINT = 'goods_are_on_the_list_of_their_exemption';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER goods_are_on_the_list_of_their_exemption_always BEFORE INSERT ON disbursements_goodsitem
    FOR EACH ROW EXECUTE FUNCTION refuse_goods_of_another_letter();
ALTER TABLE disbursements_goodsitem ENABLE ALWAYS TRIGGER goods_are_on_the_list_of_their_exemption_always;

CREATE FUNCTION refuse_own_sign_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM disbursements_goodsdeclaration
        WHERE id = NEW.declaration_id AND (declared_by_id = NEW.signed_by_id OR exemption_id IS NOT NULL)
    ) THEN
        RAISE EXCEPTION 'A second person agrees that no goods are in scope.'
            USING ERRCODE = 'TF425', CONSTRAINT = 'nobody_signs_off_what_they_declared';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nobody_signs_off_what_they_declared_always BEFORE INSERT ON disbursements_goodssignoff
    FOR EACH ROW EXECUTE FUNCTION refuse_own_sign_off();
ALTER TABLE disbursements_goodssignoff ENABLE ALWAYS TRIGGER nobody_signs_off_what_they_declared_always;
"""

NOT_GOODS = """
DROP TRIGGER nobody_signs_off_what_they_declared_always ON disbursements_goodssignoff;
DROP FUNCTION refuse_own_sign_off();
DROP TRIGGER goods_are_on_the_list_of_their_exemption_always ON disbursements_goodsitem;
DROP FUNCTION refuse_goods_of_another_letter();
DROP TRIGGER goods_are_of_the_same_programme_always ON disbursements_goodsdeclaration;
DROP FUNCTION refuse_goods_of_another_programme();
"""

# Only a motion of this kind, about exactly this, that the committee carried.
OVERRIDE = """
CREATE FUNCTION refuse_override_without_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'What the committee was asked is never removed.'
            USING ERRCODE = 'TF426', CONSTRAINT = 'only_a_decision_lets_something_pass';
    END IF;
    IF TG_OP = 'UPDATE' AND ((NEW.id, NEW.reference, NEW.exemption_id, NEW.declaration_id, NEW.shipment_id, NEW.plan,
                              NEW.findings, NEW.reason, NEW.motion_id, NEW.asked_by_id, NEW.asked_at)
        IS DISTINCT FROM (OLD.id, OLD.reference, OLD.exemption_id, OLD.declaration_id, OLD.shipment_id, OLD.plan,
                          OLD.findings, OLD.reason, OLD.motion_id, OLD.asked_by_id, OLD.asked_at)
        OR OLD.status <> 'asked') THEN
        RAISE EXCEPTION 'What the committee was asked stays as it was asked.'
            USING ERRCODE = 'TF426', CONSTRAINT = 'only_a_decision_lets_something_pass';
    END IF;
    IF NEW.status = 'granted' AND NOT EXISTS (
        SELECT FROM committee_motion AS motion JOIN committee_decision AS decision ON decision.motion_id = motion.id
        WHERE motion.id = NEW.motion_id AND motion.subject = NEW.id AND motion.kind = 'override'
          AND decision.outcome = 'carried' AND decision.reference = NEW.decision
    ) THEN
        RAISE EXCEPTION 'Only a decision of the committee lets something pass outside an exemption.'
            USING ERRCODE = 'TF426', CONSTRAINT = 'only_a_decision_lets_something_pass';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_a_decision_lets_something_pass_always BEFORE INSERT OR UPDATE OR DELETE ON disbursements_override
    FOR EACH ROW EXECUTE FUNCTION refuse_override_without_decision();
ALTER TABLE disbursements_override ENABLE ALWAYS TRIGGER only_a_decision_lets_something_pass_always;
"""

NOT_OVERRIDE = """
DROP TRIGGER only_a_decision_lets_something_pass_always ON disbursements_override;
DROP FUNCTION refuse_override_without_decision();
"""

# The whole gate is the code's. What PostgreSQL keeps: nobody pays what nobody said the goods of.
DECLARED = """
CREATE FUNCTION refuse_payment_of_undeclared_goods() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM disbursements_goodsdeclaration AS declaration
        WHERE declaration.tranche_id = NEW.tranche_id
          AND declaration.number = (SELECT max(number) FROM disbursements_goodsdeclaration
                                    WHERE tranche_id = NEW.tranche_id)
          AND (declaration.exemption_id IS NOT NULL
               OR EXISTS (SELECT FROM disbursements_goodssignoff WHERE declaration_id = declaration.id))
    ) THEN
        RAISE EXCEPTION 'A tranche is paid when it names the exemption of its goods, or two people found none in scope.'
            USING ERRCODE = 'TF427', CONSTRAINT = 'a_payment_has_its_goods_declared';
    END IF;
    RETURN NEW;
END $$;
-- After the other guards of a payment by its name, so that each still says its own reason first.
CREATE TRIGGER the_goods_of_a_payment_are_declared_always BEFORE INSERT ON disbursements_payment
    FOR EACH ROW EXECUTE FUNCTION refuse_payment_of_undeclared_goods();
ALTER TABLE disbursements_payment ENABLE ALWAYS TRIGGER the_goods_of_a_payment_are_declared_always;
"""

NOT_DECLARED = """
DROP TRIGGER the_goods_of_a_payment_are_declared_always ON disbursements_payment;
DROP FUNCTION refuse_payment_of_undeclared_goods();
"""


class Migration(migrations.Migration):
    dependencies = [("disbursements", "0012_exemptions"), ("committee", "0003_matters"), ("core", "0002_guards")]

    operations = [
        append_only("disbursements_document"),
        append_only("disbursements_exemptionletter"),
        append_only("disbursements_exemptionitem"),
        append_only("disbursements_exemptionparty"),
        append_only("disbursements_exemptionwarning"),
        append_only("disbursements_shipmentitem"),
        append_only("disbursements_goodsdeclaration"),
        append_only("disbursements_goodsitem"),
        append_only("disbursements_goodssignoff"),
        migrations.RunSQL(EXEMPTION, NOT_EXEMPTION),
        migrations.RunSQL(SHIPMENT, NOT_SHIPMENT),
        migrations.RunSQL(GOODS, NOT_GOODS),
        migrations.RunSQL(OVERRIDE, NOT_OVERRIDE),
        migrations.RunSQL(DECLARED, NOT_DECLARED),
    ]
