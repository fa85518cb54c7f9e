"""Invented people: names that nobody bears by intention, accounts named after their agency."""

from random import Random


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text: a list that reads as one."""
    return tuple(text.split())


FIRST_WOMEN = words(
    "Sari Dewi Ratna Wulan Nurhayati Rina Maya Fitri Lestari Yuliana Hasnah Marlina Kartika "
    "Siti Aminah Rosdiana Novita Indah Salma Melati Herlina Wahyuni Purnama Tiara Nirmala "
    "Sulastri"
)
FIRST_MEN = words(
    "Budi Agus Hendra Joko Rahmat Fajar Yusuf Arif Bambang Dedi Eko Firman Gunawan Hasan Iwan "
    "Junaidi Kurniawan Lukman Muhsin Nasir Oki Prasetyo Rudi Samsul Taufik Wahyu Zainal Yohanes"
)
LAST = words(
    "Wulandari Pratama Hidayat Kusuma Permana Siregar Lubis Nainggolan Batubara Situmorang "
    "Anggraini Setiawan Santoso Wijaya Saputra Mahendra Ramadhan Kurnia Halim Maulana Nugroho "
    "Suryani Ardiansyah Pangestu Firdaus Lestaluhu Tandiono Manurung Sasongko Damayanti "
    "Purwanto Handayani Baharuddin"
)
TITLES = ("S.Sos.", "S.E.", "S.Pd.", "S.KM.", "S.H.", "S.IP.", "A.Md.", "M.Si.", "M.AP.", "")


class Names:
    """A supply of names, each given once."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.given: set[str] = set()

    def next(self) -> str:
        """Return a name with titles, as it is written in letters."""
        while True:
            first = self.random.choice(self.random.choice((FIRST_WOMEN, FIRST_MEN)))
            name = f"{first} {self.random.choice(LAST)}"
            title = self.random.choice(TITLES)
            if name not in self.given:
                self.given.add(name)
                return f"{name}, {title}" if title else name
