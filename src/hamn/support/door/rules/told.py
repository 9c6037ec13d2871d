"""What a person is told in her dialogue's own language by who may not know it. Pure.

Staff read Swedish or English; these sentences stand in every language of the door
(tools/public_words.py).
"""

from hamn.core.errors import _

# The dialogue goes on at another unit: she has agreed to it, or that unit needs it.
HANDED_AGREED = _(
    "Dialogen fortsätter hos {service}. Din kod är densamma, och du ser allt som är skrivet."
)
HANDED_NEEDED = _(
    "Dialogen fortsätter hos {service}, som behöver den för sitt eget arbete med dig. Vill du inte "
    "det, skriv det här. Din kod är densamma, och du ser allt som är skrivet."
)
# She has asked for another worker, and has got one.
ANOTHER_ANSWERS = _("Nu svarar någon annan, så som du bad om.")
# What an answer to an e-mail may say beside a one-time code: nothing of what it was about.
INVITATION = _(
    "Hej!\n\nTack för att du skrev till {service}. E-post är ett osäkert sätt att berätta om sig "
    "själv. På vår webbplats kan du skriva med oss utan att säga vem du är. Gå till {address} och "
    "skriv koden {code}. Den fungerar en gång: du får genast byta till en egen kod, som bara du "
    "har. Radera sedan det här brevet. Det kostar ingenting.\n\nVänliga hälsningar\n{service}"
)
