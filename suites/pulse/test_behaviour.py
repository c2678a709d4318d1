"""What the product relies on in the database, told as stories over several tables.

Derived cases take one promise at a time; here several have to work together.
"""

from sqlalchemy import func, select

from pgassay.testing import Database
from schema.pulse import (
    InboxItem,
    MerchCart,
    ScheduledPostAccount,
    SocialAccount,
    User,
    WorkflowRunLog,
)


def count(pulse: Database, model: type) -> int:
    return pulse.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_customer_with_orders_stays_and_the_cart_goes_with_who_has_none(pulse: Database):
    order = pulse.merch_order(paid=True, items=2)
    cart = pulse.merch_cart_item().cart

    with pulse.refused("merch_orders_userId_fkey"):
        pulse.session.delete(order.user)
        pulse.session.flush()

    pulse.session.delete(cart.user)
    pulse.session.flush()
    assert count(pulse, MerchCart) == 0


def test_what_a_member_was_assigned_is_open_again_when_they_leave(pulse: Database):
    item = pulse.inbox_item(assigned=True)
    other = pulse.inbox_item(assigned=True, workspace=item.workspace)

    pulse.session.delete(item.assignedTo)
    pulse.session.commit()

    assert item.assignedTo is None
    assert other.assignedTo is not None
    assert count(pulse, InboxItem) == 2


def test_an_account_that_is_disconnected_for_good_takes_its_inbox_along(pulse: Database):
    account = pulse.social_account(expired=True)
    pulse.inbox_item(account=account, drafted=True)
    post = pulse.scheduled_post(scheduled=True, workspace=account.workspace)
    pulse.scheduled_post_account(post=post, account=account)

    pulse.session.delete(account)
    pulse.session.commit()

    assert count(pulse, InboxItem) == 0
    assert len(post.accounts) == count(pulse, ScheduledPostAccount) == 1


def test_a_voucher_is_redeemed_once_by_each_user(pulse: Database):
    voucher = pulse.voucher(redeemed=True)
    again = voucher.redemptions[0].user
    assert voucher.currentUses == 3

    with pulse.refused("voucher_redemptions_voucherId_userId_key"):
        pulse.connection.execute(
            'insert into voucher_redemptions (id, "voucherId", "userId", "tokensGranted")'
            " values ('again', %s, %s, 50)",
            (voucher.id, again.id),
        )


def test_a_workspace_takes_its_work_along_and_leaves_its_people(pulse: Database):
    workspace = pulse.workspace(full=True)
    pulse.scheduled_post(published=True, workspace=workspace)
    pulse.asset(in_folder=True, workspace=workspace)
    people = count(pulse, User)

    pulse.session.delete(workspace)
    pulse.session.flush()

    assert count(pulse, SocialAccount) == count(pulse, ScheduledPostAccount) == 0
    assert count(pulse, User) == people


def test_what_was_ordered_stays_on_the_shelf_but_its_size_may_go(pulse: Database):
    line = pulse.merch_order_item(of_variant=True)

    with pulse.refused("merch_order_items_productId_fkey"):
        pulse.session.delete(line.product)
        pulse.session.flush()

    pulse.session.delete(line.variant)
    pulse.session.commit()
    assert line.variant is None
    assert line.variantName == "M"


def test_an_automation_outlives_no_workspace_and_its_author_stays_with_it(pulse: Database):
    run = pulse.workflow_run(failed=True)
    workflow = run.workflow

    with pulse.refused("workflows_createdById_fkey"):
        pulse.session.delete(workflow.createdBy)
        pulse.session.flush()

    pulse.session.delete(workflow.workspace)
    pulse.session.flush()
    assert count(pulse, WorkflowRunLog) == 0


def test_tokens_that_were_spent_are_explained_to_the_last_one(pulse: Database):
    user = pulse.user()
    pulse.token_transaction(user=user, amount=100)
    pulse.token_transaction.batch(2, user=user, spent=True, earlier=None)
    asked = 'select balance from user_token_balances where "userId" = %s'
    assert pulse.connection.execute(asked, (user.id,)).fetchone() == (20,)

    pulse.session.delete(user)
    pulse.session.flush()
    left = "select count(*) from token_transactions"
    assert pulse.connection.execute(left).fetchone() == (0,)
