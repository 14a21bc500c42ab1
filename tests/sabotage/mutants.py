"""What somebody might change with the best of intentions, and the test that must then be red.

The list of `docs/reliability.md`: each promise stands on a line of code, and each line is held by a test.
"""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "imgcli"


@dataclass(frozen=True, slots=True)
class Mutant:
    """`changes` are (file below src/imgcli, text that stands there once, text in its place)."""

    name: str
    changes: tuple[tuple[str, str, str], ...]
    test: str


CRASH = "tests/rigs/test_crash_states.py"
LEDGER = "tests/contracts/test_ledger_contract.py"
STORE = "tests/contracts/test_store_contract.py"
SOCKETS = "tests/unit/providers/openai/test_provider_sockets.py"
SQLITE = "tests/unit/ledger/test_sqlite.py"

MUTANTS = (
    Mutant(
        "a picture is not synced",
        (("storage/slot.py", "        os.fsync(file.fileno())\n        meta =", "        meta ="),),
        f"{CRASH}::test_a_power_cut_at_any_moment_breaks_no_promise[1]",
    ),
    Mutant(
        "names are not synced",
        (("durable.py", "        os.fsync(descriptor)\n", "        pass\n"),),
        f"{CRASH}::test_a_power_cut_at_any_moment_breaks_no_promise[1]",
    ),
    Mutant(
        "the old name goes before the new one is synced",
        (("durable.py", "    sync_directory(target.parent)\n    source.unlink()", "    source.unlink()"),),
        f"{CRASH}::test_a_power_cut_at_any_moment_breaks_no_promise[1]",
    ),
    Mutant(
        "`sent` is written after the request",
        (
            ("pipeline.py", "            await line.studio.ledger.send(hold)\n", ""),
            (
                "pipeline.py",
                "        picture = await slot.seal(painted)\n",
                "        await line.studio.ledger.send(hold)\n        picture = await slot.seal(painted)\n",
            ),
        ),
        "tests/e2e/test_signals.py::test_kill_nine_and_the_next_run_carries_on[1]",
    ),
    Mutant(
        "a seat is kept until the picture is put away",
        (("pipeline.py", "        line.seats.release()\n", "        pass\n"),),
        "tests/unit/test_pipeline.py",
    ),
    Mutant(
        "a connection over aiohttp is used again",
        (("providers/openai/aio.py", "force_close=True", "force_close=False"),),
        f"{SOCKETS}::test_what_comes_on_an_idle_connection_is_no_answer",
    ),
    Mutant(
        "a seat is free before it is known that the run ends",
        (("pipeline.py", "            _halt(hold.job, error, line)\n", ""),),
        "tests/unit/test_pipeline.py::test_nothing_leaves_after_what_ends_the_run",
    ),
    Mutant(
        "a refusal counts as a failed try",
        (("pipeline.py", "            if is_paced(fault, line.pacers[job.provider]):\n", "            if False:\n"),),
        "tests/unit/providers/openai/test_faults.py",
    ),
    Mutant(
        "the pace is not shared",
        (
            (
                "engine/limits.py",
                "self._board.change(self._name, change)",
                "self._board.change(str(id(self)), change)",
            ),
        ),
        "tests/unit/engine/test_limits.py",
    ),
    Mutant(
        "money is final only when all is settled",
        (
            (
                "ledger/rules.py",
                "_HELD = frozenset({State.RESERVED, State.SENT})",
                "_HELD = frozenset({State.RESERVED, State.SENT, State.RECEIVED, State.SAVED})",
            ),
        ),
        f"{LEDGER}::test_a_cap_is_checked_when_money_is_held",
    ),
    Mutant(
        "a step does not ask where the attempt stands",
        (
            ("ledger/rules.py", "    if after not in EDGES[before]:", "    if False:"),
            (
                "ledger/queries.sql",
                "WHERE id = :id AND state = :before AND decided = 0",
                "WHERE id = :id AND decided = 0",
            ),
        ),
        f"{LEDGER}::test_steps_out_of_order_are_refused",
    ),
    Mutant(
        "of writes that share a transaction each is told before it is durable",
        (
            (
                "db/connect.py",
                "lambda tx: [write.work(tx) for write in group])",
                "lambda tx: [_tell([_End(write, write.work(tx))]) for write in group])",
            ),
        ),
        "tests/unit/db/test_connect.py::test_an_error_meets_only_the_one_it_belongs_to",
    ),
    Mutant(
        "recovery does not ask who is alive",
        (
            (
                "ledger/locks.py",
                "        except OSError:\n            return False\n",
                "        except OSError:\n            return True\n",
            ),
        ),
        "tests/unit/ledger/test_locks.py::test_a_lock_lives_as_long_as_its_process",
    ),
    Mutant(
        "a second run does not look who was quicker",
        (("ledger/sqlite.py", "if since is not None and tx.execute(", "if False and tx.execute("),),
        f"{LEDGER}::test_a_job_is_made_by_one_run_alone",
    ),
    Mutant(
        "the SDK tries again by itself",
        (("providers/openai/provider.py", "max_retries=0", "max_retries=2"),),
        f"{SOCKETS}::test_one_request_one_bill_at_most_and_the_money_never_understated",
    ),
    Mutant(
        "redirects are followed",
        (("providers/openai/transport.py", "follow_redirects=False", "follow_redirects=True"),),
        f"{SOCKETS}::test_a_redirect_carries_neither_key_nor_prompt_elsewhere",
    ),
    Mutant(
        "writing begins without the lock",
        (
            (
                "db/connect.py",
                'result = self._between("BEGIN IMMEDIATE", work)',
                'result = self._between("BEGIN", work)',
            ),
        ),
        f"{SQLITE}::test_eight_first_runs_race_for_five_holds",
    ),
    Mutant(
        "commits are not synced",
        (("db/connect.py", '"synchronous=EXTRA"', '"synchronous=NORMAL"'), ("db/connect.py", "EXTRA = 3", "EXTRA = 1")),
        "tests/unit/db/test_connect.py::test_durability_is_set_and_read_back",
    ),
    Mutant(
        "dollars are floats",
        (
            (
                "model/money.py",
                "return int(_WHOLE.quantize(amount.scaleb(9, _WHOLE), Decimal(1)))",
                "return int(float(amount) * 1e9)",
            ),
        ),
        "tests/unit/model/test_money.py",
    ),
    Mutant(
        "`auto` is priced like medium",
        (
            (
                "pricing/rates.py",
                "size.is_auto or at == str(size)",
                'at == ("1024x1024" if size.is_auto else str(size))',
            ),
        ),
        "tests/unit/pricing/test_quote.py::test_auto_is_bounded_by_the_dearest_choice",
    ),
    Mutant(
        "base64 with junk in it is taken",
        (("providers/openai/answer_stream.py", "[:end], validate=True)", "[:end])"),),
        "tests/unit/providers/openai/test_answer_stream.py",
    ),
    Mutant(
        "a picture's last group may stay open",
        (("providers/openai/answer_stream.py", "or self._base64.rest or self._in_head", "or self._in_head"),),
        "tests/unit/providers/openai/test_answer_stream.py",
    ),
    Mutant(
        "a request over aiohttp has left without anybody being told",
        (("providers/openai/aio.py", "sending.begun = True", "sending.begun = False"),),
        f"{SOCKETS}::test_cut_off_at_any_moment_nothing_that_was_billed_is_called_free",
    ),
    Mutant(
        "the last piece of a request over aiohttp counts as unsent",
        (
            (
                "providers/openai/aio.py",
                "sending.sent = sending.sent or left <= 0",
                "sending.sent = sending.sent or left < 0",
            ),
        ),
        f"{SOCKETS}::test_one_request_one_bill_at_most_and_the_money_never_understated",
    ),
    Mutant(
        "a picture takes a name that is taken",
        (
            (
                "durable.py",
                "        os.link(source, target, follow_symlinks=False)\n",
                "        source.replace(target)\n        return\n",
            ),
        ),
        f"{STORE}::test_a_name_taken_while_it_was_painted_is_not_replaced",
    ),
    Mutant(
        "days are local",
        (("ledger/rules.py", "now.astimezone(UTC).replace", "now.replace"),),
        f"{LEDGER}::test_local_midnight_is_no_window",
    ),
    Mutant(
        "a prompt is printed as it is",
        (("cli/live.py", "            show.talk(text)", "            print(text)"),),
        "tests/security/test_source.py",
    ),
    Mutant(
        "a cell of a table is taken as it is",
        (("cli/show.py", "Text(safe_text(cell)) if isinstance(cell, str)", "Text(cell) if isinstance(cell, str)"),),
        "tests/security/test_source.py::test_text_for_rich_is_safe_or_on_the_list",
    ),
    Mutant(
        "a directory is checked before its links are followed",
        (
            (
                "storage/local.py",
                "target = Path(os.path.realpath(top.joinpath(*parts)))",
                "target = top.joinpath(*parts)",
            ),
        ),
        "tests/unit/storage/test_local.py::test_links_out_of_the_root_are_refused",
    ),
    Mutant(
        "a crash shows what functions were called with",
        (("cli/app.py", '"pretty_exceptions_enable": False', '"pretty_exceptions_show_locals": True'),),
        "tests/security/test_source.py",
    ),
    Mutant(
        "only the first hop of a redirect is checked",
        (
            (
                "providers/openai/fetch.py",
                '            url = url.join(response.headers["location"])\n',
                '            url = url.join(response.headers["location"])\n            trusted_origin = origin(url)\n',
            ),
        ),
        "tests/unit/providers/openai/test_fetch.py::test_each_redirect_is_checked_anew",
    ),
    Mutant(
        "what is billed above the hold is cut to it",
        (
            (
                "ledger/sqlite.py",
                "posted = hold.upper if receipt.actual is None else receipt.actual",
                "posted = hold.upper if receipt.actual is None else min(hold.upper, receipt.actual)",
            ),
        ),
        f"{LEDGER}::test_more_than_was_held_is_told_in_full",
    ),
    Mutant(
        "a file that cannot be read counts as none",
        (
            (
                "storage/disk.py",
                "            return False\n        raise\n\n\ndef write_all",
                "            return False\n        return False\n\n\ndef write_all",
            ),
        ),
        "tests/unit/storage/test_local.py::test_what_cannot_be_read_is_not_the_same_as_nothing",
    ),
    Mutant(
        "what is uncertain is never looked at again",
        (("recovery.py", "for record in open_ if", "for record in () if"),),
        "tests/unit/test_recovery.py::test_what_cannot_be_seen_now_is_not_taken_for_lost[a mount point-seal]",
    ),
    Mutant(
        "old parts are swept without asking whether they are in use",
        (
            (
                "storage/local.py",
                "                if is_abandoned(file.fileno()):\n                    stray",
                "                if file:\n                    stray",
            ),
        ),
        "tests/unit/storage/test_local.py::test_a_part_in_use_is_not_swept_however_old_a_clock_makes_it",
    ),
    Mutant(
        "recovery takes a part for whole without its hash",
        (
            (
                "storage/local.py",
                "    if has_hash(part, sha256):\n        # A crash",
                "    if part.exists():\n        # A crash",
            ),
        ),
        "tests/unit/test_recovery.py::test_a_torn_part_is_never_adopted",
    ),
    Mutant(
        "what the disk refuses is dropped",
        (
            (
                "storage/slot.py",
                "            self._refusal = error\n            self._move_to_spool()\n        if",
                "            self._refusal = error\n        if",
            ),
        ),
        "tests/unit/storage/test_local.py::test_a_paid_picture_that_its_directory_refuses_waits_in_the_spool_and_comes_home",
    ),
    Mutant(
        "the ballast is for everybody",
        (
            (
                "db/connect.py",
                "return await self._in_turn(self._in_transaction, work)",
                "return await self._in_turn(self._in_last_room, work)",
            ),
        ),
        "tests/unit/db/test_ballast.py::test_what_is_paid_is_written_with_the_ballasts_room_and_nothing_else_is",
    ),
    Mutant(
        "an event is sealed without the one before it",
        (("ledger/rules.py", "json.dumps([previous, seq, at,", 'json.dumps(["", seq, at,'),),
        "tests/unit/ledger/test_rules.py::test_a_hash_covers_every_part",
    ),
    Mutant(
        "a server error counts as unpaid",
        (
            (
                "providers/openai/taxonomy.py",
                '"server error {status}; {cost}{said}",\n        Money.HOLD,',
                '"server error {status}; {cost}{said}",\n        Money.VOID,',
            ),
        ),
        "tests/unit/providers/openai/test_faults.py",
    ),
    Mutant(
        "words are sent before their money is held",
        (("asking.py", "            await line.studio.ledger.send(hold)\n", ""),),
        "tests/unit/test_asking.py",
    ),
    Mutant(
        "an answer that was paid is not looked for",
        (
            (
                "asking.py",
                "        if found is not None and found.painted is not None:\n            return found.painted\n",
                "",
            ),
        ),
        "tests/unit/test_asking.py::test_an_answer_is_held_paid_and_remembered",
    ),
    Mutant(
        "a lost answer is asked for again",
        (
            (
                "asking.py",
                "        if found is not None:\n            await _wait_for(found, line)\n            continue\n",
                "",
            ),
        ),
        "tests/unit/test_asking.py::test_a_lost_answer_is_not_asked_again_without_a_persons_word",
    ),
    Mutant(
        "words count as pictures",
        (("ledger/sqlite.py", "int(not job.is_text)", "1"),),
        "tests/contracts/test_ledger_contract.py::test_words_count_as_money_and_as_no_picture",
    ),
    Mutant(
        "words may be asked by two runs at once",
        (
            ("asking.py", "_Nowhere(quote.job.directory), seen)", "_Nowhere(quote.job.directory), None)"),
            (
                "asking.py",
                "        if found is not None:\n            await _wait_for(found, line)\n            continue\n",
                "",
            ),
        ),
        "tests/unit/test_asking.py::test_two_runs_at_once_pay_for_one_question_once",
    ),
    Mutant(
        "the words of an answer are kept after its money",
        (
            (
                "ledger/sqlite.py",
                "                painted=codec.painted_text(painted),\n                flags=json.dumps(flags),\n                received_at=story.at,\n                decided=1,",
                "                flags=json.dumps(flags),\n                received_at=story.at,\n                decided=1,",
            ),
        ),
        "tests/contracts/test_ledger_contract.py::test_words_are_kept_and_billed_in_one_step_and_found_from_anywhere",
    ),
    Mutant(
        "what an expansion lost is not put back",
        (
            (
                "expansion.py",
                "            whole, back = restored(entry.prompt, idea)\n",
                "            whole, back = idea, ()\n",
            ),
        ),
        "tests/unit/test_expansion.py::test_a_lost_demand_is_put_back_and_told",
    ),
    Mutant(
        "an expansion that contradicts the prompt is used",
        (
            ("director/kept.py", " and not _lost(asked, wanted, whole)", ""),
            (
                "director/kept.py",
                'any(found.demand.kind is DemandKind.SUBJECT or found.key[0] == "only" for found in still)',
                "False",
            ),
        ),
        "tests/unit/director/test_kept.py",
    ),
    Mutant(
        "an answer may say more than prompts",
        (("director/question.py", "for char in text if _is_shown(char)", "for char in text"),),
        "tests/unit/director/test_question.py",
    ),
    Mutant(
        "the bound of an answer leaves out what it may write",
        (
            (
                "pricing/basis.py",
                "most = (answer_bound(job.prompt.text), int(job.quality))",
                "most = (answer_bound(job.prompt.text), 0)",
            ),
        ),
        "tests/unit/pricing/test_quote.py::test_the_bound_of_an_answer_covers_all_that_it_may_write",
    ),
    Mutant(
        "a style sheet pays without asking",
        (("cli/consent.py", "is_paid if asks else", "False if asks else"),),
        "tests/e2e/test_sheets.py",
    ),
    Mutant(
        "a lock file is trusted without reading the bytes",
        (("before.py", "is_another and await studio.store.holds(", "is_another or await studio.store.holds("),),
        "tests/unit/test_pipeline.py",
    ),
    Mutant(
        "--prune takes what is wanted again",
        (("cli/pruning.py", ".gone | kept", ".gone"),),
        "tests/cli/test_library.py::test_prune_leaves_what_is_wanted_again",
    ),
    Mutant(
        "a final is directed anew",
        (("finals.py", "    return whole if whole.key == pick.key else job\n", "    return whole\n"),),
        "tests/unit/test_finals.py",
    ),
    Mutant(
        "a wildcard may lead out of its directory",
        (("cli/neighbours.py", "if not found.is_relative_to(root):", "if False:"),),
        "tests/unit/cli/test_neighbours.py",
    ),
    Mutant(
        "an imported style loses its own words",
        (
            (
                "director/exchange/convert.py",
                "prompt=None if back.prompt == kept.prompt else kept.prompt",
                "prompt=None",
            ),
        ),
        "tests/unit/director/exchange/test_convert.py",
    ),
    Mutant(
        "hostile words are markup on a page",
        (("reports/page.py", 'return escape("".join', 'return str("".join'),),
        "tests/unit/reports/test_page.py",
    ),
    Mutant(
        "styles may go round in a circle",
        (("director/shelf.py", "if spot in chain:", "if False:"),),
        "tests/unit/director/test_shelf.py",
    ),
    Mutant(
        "half a bill of two models is posted",
        (
            (
                "pricing/basis.py",
                "None if None in parts else sum(part or 0 for part in parts)",
                "sum(part or 0 for part in parts)",
            ),
        ),
        "tests/unit/pricing/test_basis.py::test_half_a_bill_is_none",
    ),
    Mutant(
        "a picture through a text model is held for our words alone",
        (
            (
                "pricing/basis.py",
                "written_bound(most_written(job)) if job.through else text_bound(words)",
                "text_bound(words)",
            ),
        ),
        "tests/unit/pricing/test_basis.py",
    ),
    Mutant(
        "what moderation cannot look at is let through",
        (
            (
                "pipeline.py",
                "    remarks = await guard.inspect(hold.job, slot, picture, number)\n",
                "    remarks = Remarks()\n",
            ),
        ),
        "tests/e2e/test_moderation.py",
    ),
    Mutant(
        "a blocked prompt is sent",
        (
            (
                "pipeline.py",
                "    if blocked := await _cleared(job, line):\n        return blocked\n",
                "    await _cleared(job, line)\n",
            ),
        ),
        "tests/e2e/test_moderation.py",
    ),
    Mutant(
        "a copy is handed out unproved",
        (("catalog/shelf.py", "if picture.sha256 != told.sha256:", "if False:"),),
        "tests/unit/catalog/test_shelf.py",
    ),
    Mutant(
        "an input that changed is sent",
        (("providers/reading.py", " or hashlib.sha256(data).hexdigest() != source.sha256", ""),),
        "tests/unit/providers/openai/test_edits_sockets.py",
    ),
    Mutant(
        "another is made for what was rejected without end",
        (("pipeline.py", "or number > job.tries:", "or number > 99:"),),
        "tests/unit/test_expectations.py",
    ),
    Mutant(
        "words are held for nothing",
        (
            (
                "ledger/sqlite.py",
                "counters.hold(story, claimant, upper,",
                "counters.hold(story, claimant, 0 if job.is_text else upper,",
            ),
        ),
        "tests/contracts/test_every_call_is_held.py",
    ),
    Mutant(
        "what a mask keeps is painted",
        (
            (
                "providers/placeholder/region.py",
                "over.putalpha(shape)",
                "over.putalpha(shape.point([max(1, level) for level in range(256)]))",
            ),
        ),
        "tests/unit/providers/placeholder/test_region.py",
    ),
    Mutant(
        "two who make one reject again both pay",
        (("ledger/queries.sql", "WHERE attempt.rowid > :planned AND attempt.key <> :key AND", "WHERE 0 AND"),),
        f"{LEDGER}::test_a_picture_is_made_again_by_one_run_alone_however_it_is_asked_for",
    ),
    Mutant(
        "a reject that was made again is made once more",
        (("cli/again.py", "resume=rejected", "resume=False"),),
        "tests/e2e/test_again.py",
    ),
    Mutant(
        "what moderation hides is chosen",
        (("choosing.py", "    return [pick for pick in picks if _may_be_shown(pick)]", "    return list(picks)"),),
        "tests/unit/test_choosing.py",
    ),
    Mutant(
        "words of strangers are markup in the gallery",
        (("reports/gallery.py", ".decode().translate(_ESCAPES))", ".decode())"),),
        "tests/unit/reports/test_gallery.py",
    ),
    Mutant(
        "any page may ask the server of the gallery",
        (
            (
                "showing.py",
                'if request.header("host").lower() not in',
                'if False and request.header("host").lower() not in',
            ),
        ),
        "tests/security/test_gallery_requests.py",
    ),
    Mutant(
        "the last copy of a picture goes with its gallery",
        (("storage/wall.py", "if self._has_original(name, sha256):", "if True:"),),
        "tests/unit/storage/test_wall.py",
    ),
    Mutant(
        "a picture that was changed is exported",
        (("rendering.py", "if hashlib.sha256(data).hexdigest() != sha256:", "if not data:"),),
        "tests/unit/test_rendering.py",
    ),
    Mutant(
        "the webhook follows where it is sent",
        (("webhook.py", "follow_redirects=False", "follow_redirects=True"),),
        "tests/unit/test_webhook.py",
    ),
    Mutant(
        "a name that leads inside is called",
        (("addresses.py", "not all(is_public(", "not any(is_public("),),
        "tests/unit/test_webhook.py",
    ),
    Mutant(
        "uncertain money is told as spent",
        (("reports/spend.py", "spent = 0 if is_waiting else posted", "spent = posted"),),
        "tests/unit/reports/test_spend.py",
    ),
    Mutant(
        "free pictures make the others look cheap",
        (
            (
                "reports/spend.py",
                "priced = charge.attempts if is_pictured and posted else 0",
                "priced = charge.attempts if is_pictured else 0",
            ),
        ),
        "tests/unit/reports/test_spend.py",
    ),
    Mutant(
        "a plan saves the same money twice",
        (("reports/saving_plan.py", "before.of.key != each.of.key and", "True and"),),
        "tests/unit/reports/test_saving_plan.py",
    ),
    Mutant(
        "trouble with alerts ends a run",
        (("cli/money_news.py", "except Exception as error:", "except KeyError as error:"),),
        "tests/unit/cli/test_money_news.py",
    ),
    Mutant(
        "a cell begins a formula",
        (("cli/csv_safe.py", ".lstrip()", ""),),
        "tests/unit/cli/test_csv_safe.py",
    ),
)
